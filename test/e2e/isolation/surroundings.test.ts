import {expect, it} from 'vitest';
import {describeEach, someone} from '../harness/people.ts';
import {run, shell} from '../harness/run.ts';
import {bash, lines} from '../harness/words.ts';

describeEach('what surrounds a command', (person) => {
  it('is an environment of four words at most, none of them the caller’s', async () => {
    const env = {SECRET: 'of the caller', LD_PRELOAD: '', NODE_OPTIONS: '', npm_config_x: 'y'};
    const {stdout} = await run(['/usr/bin/env'], {as: person, env});
    const variables = Object.fromEntries(lines(stdout).map((line) => line.split('=')));
    expect(Object.keys(variables).sort()).toEqual(expect.arrayContaining(['HOME', 'PATH']));
    expect(
      Object.keys(variables).filter((name) => !/^(HOME|PATH|HOSTNAME|container)$/.test(name)),
    ).toEqual([]);
    expect(variables.HOME).toBe('/root');
    expect(variables.PATH).toBe('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  });

  it('are the descriptors 0 to 2, even if the caller had more', async () => {
    const script = `exec 5< /etc/passwd 7> /dev/null 9<> /dev/null
minicontainer run /bin/ls /proc/self/fd`;
    // The fourth is the directory that ls reads.
    expect(await shell(script, {as: person})).toMatchObject({stdout: '0\n1\n2\n3\n', stderr: ''});
  });

  it.each(Array.from({length: person === someone ? 18 : 4}, (_, index) => index + 3))(
    'is no directory of the host behind descriptor %i (-w /proc/self/fd/N)',
    async (fd) => {
      const words = ['-w', `/proc/self/fd/${fd}`, ...bash('pwd; cat ../../../etc/shadow')];
      const {status, stdout, stderr} = await run(words, {as: person});
      expect({status, stdout}).toEqual({status: 125, stdout: ''});
      expect(stderr).toMatch(/^minicontainer: the working directory .*\nhint: .*\n$/);
    },
  );

  it.each(['/proc/1/cwd', '/proc/self/root/proc/1/root', '/proc/self/cwd'])(
    'is no directory of the host behind %s',
    async (path) => {
      const {stdout} = await run(['-w', path, ...bash('ls -A /work ./work ../work 2> /dev/null')], {
        as: person,
      });
      expect(stdout).toBe('');
    },
  );

  it('is the umask and the signals of a fresh process', async () => {
    const script = `umask 077; trap '' INT PIPE USR1
minicontainer run /bin/bash -c 'umask; exec cat /proc/self/status'`;
    const {stdout} = await shell(script, {as: person});
    expect(stdout).toMatch(/^0022\n/);
    expect(stdout.match(/^Sig(Blk|Ign|Cgt):\s+0+$/gm)).toHaveLength(3);
  });

  it('are the caller’s limits of open files, not those that Node has raised', async () => {
    const script = `ulimit -Sn 512; minicontainer run /bin/bash -c 'ulimit -Sn'; exit $?`;
    expect(await shell(script, {as: person})).toMatchObject({stdout: '512\n'});
  });

  it('is a /proc that tells little of the host', async () => {
    const script = `
for path in /proc/kcore /proc/keys /proc/timer_list /proc/interrupts /proc/sched_debug; do
  test -e $path && head -c 100 $path 2> /dev/null
done; ls -A /proc/acpi /proc/scsi /sys/firmware 2> /dev/null | grep -v ':$' | grep .`;
    expect(await run(bash(`${script}; true`), {as: person})).toMatchObject({stdout: ''});
  });

  it('are /proc/sys, /proc/sysrq-trigger, /proc/irq, /proc/bus and /sys, read-only', async () => {
    const script = `
for path in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /proc/irq/default_smp_affinity \\
    /proc/sys/net/ipv4/ip_forward /sys/kernel/uevent_helper; do
  test -e $path && (echo x > $path) 2>/dev/null && echo "$path written"
done; touch /sys/new /proc/bus/new 2>/dev/null; true`;
    expect(await run(bash(script), {as: person})).toMatchObject({stdout: ''});
  });

  it('is a cgroup file system that cannot be written', async () => {
    const script = `
find /sys/fs/cgroup -maxdepth 2 -name cgroup.procs | head -3 | while read file; do
  (echo $$ > $file) 2> /dev/null && echo "$file written"
done
mkdir /sys/fs/cgroup/*/new 2> /dev/null; ls -d /sys/fs/cgroup/*/new 2> /dev/null; true`;
    expect(await run(bash(script), {as: person})).toMatchObject({stdout: ''});
  });

  it('are the default devices, which work, and no other', async () => {
    const script = `
head -c 1 /dev/zero | wc -c; echo x > /dev/null && wc -c < /dev/null; head -c 4 /dev/urandom | wc -c
(echo x > /dev/full) 2>&1 | grep -o 'No space left'
stat -c '%F %n' /dev/* /dev/pts/* | grep special | cut -d' ' -f4 | sort | tr '\\n' ' '`;
    const {stdout} = await run(bash(script), {as: person});
    const [zero, nothing, random, full, devices] = stdout.split('\n');
    expect([zero, nothing, random, full]).toEqual(['1', '0', '4', 'No space left']);
    expect(devices?.trim().split(' ')).toEqual(
      ['full', 'null', 'pts/ptmx', 'random', 'tty', 'urandom', 'zero'].map(
        (name) => `/dev/${name}`,
      ),
    );
  });
});
