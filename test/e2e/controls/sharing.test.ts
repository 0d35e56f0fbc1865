import {readlinkSync} from 'node:fs';
import {hostname} from 'node:os';
import type {Namespace} from '@minicontainer/spec';
import {expect, it} from 'vitest';
import {familyOf, kill, survivors} from '../harness/family.ts';
import {describeEach, describeRoot, someone} from '../harness/people.ts';
import {launch, run, start} from '../harness/run.ts';
import {runSpec} from '../harness/spec.ts';
import {bash, lines} from '../harness/words.ts';

const own = (type: string) => `${readlinkSync(`/proc/self/ns/${type}`)}\n`;

describeEach('--pid host', (person) => {
  it('shows the processes of the machine, by their own numbers', async () => {
    const script = `readlink /proc/self/ns/pid; cat /proc/${process.pid}/comm; kill -0 $$ && echo $$`;
    const container = start(['run', '--pid', 'host', ...bash(`${script}; read line`)], {
      as: person,
      stdin: 'open',
    });
    await container.printed('pid:');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const {init} = familyOf(container.pid);
    container.stdin.end('\n');
    const {stdout} = await container.result;
    const [namespace, name, pid] = lines(stdout);
    expect(`${namespace}\n`).toBe(own('pid'));
    expect(name).not.toBe('');
    expect(Number(pid)).toBe(init?.pid);
  });

  it.each([[[]], [['--init']]])(
    '%j leaves no process when the command has ended',
    async (flags) => {
      const script =
        'setsid sleep 1000 & (sleep 1000 & disown) ; (setsid setsid sleep 1000 &) ; exit 7';
      expect(await run(['--pid', 'host', ...flags, ...bash(script)], {as: person})).toMatchObject({
        status: 7,
      });
    },
  );

  it.each(['supervisor', 'keeper', 'init'])(
    'leaves no process when the %s is killed',
    async (victim) => {
      const script = '(setsid sleep 1000 &); echo ready; exec sleep 1000';
      const container = start(['run', '--pid', 'host', ...bash(script)], {as: person});
      await container.printed('ready');
      const family = familyOf(container.pid);
      if (victim === 'supervisor') container.process.kill('SIGKILL');
      else kill(victim === 'keeper' ? family.keeper : family.init);
      const {status} = await container.result;
      expect(status).toBe(victim === 'supervisor' ? 'SIGKILL' : 137);
      // With the keeper the command goes by itself, and what it has started with the cgroup, if there is one.
      const alone = victim === 'keeper' && person.uid !== 0;
      const mustGo = alone ? [family.init].flatMap((one) => one ?? []) : family.all;
      expect(await survivors(mustGo, 3000)).toEqual([]);
      for (const left of await survivors(family.all, 0)) process.kill(left.pid, 'SIGKILL');
      expect((await run(['/bin/true'], {as: person})).status).toBe(0);
    },
  );

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends by %s as the command does', async (signal, status) => {
    const container = start(['run', '--pid', 'host', ...bash('echo ready; exec sleep 1000')], {
      as: person,
    });
    await container.printed('ready');
    container.process.kill(signal);
    expect(await container.result).toMatchObject({status});
  });

  it('shows nothing that a user of the container may not see', async () => {
    const script = `cat /proc/${process.pid}/environ /proc/1/environ; echo x > /proc/sys/kernel/core_pattern`;
    const {stdout} = await run(['--pid', 'host', ...bash(script)], {as: person});
    if (person.uid !== 0 || person.ids === 'shifted') expect(stdout).toBe('');
  });
});

describeEach('the namespaces that a container shares', (person) => {
  it('--uts host: the names are the host’s', async () => {
    const words = [
      '--uts',
      'host',
      ...bash('readlink /proc/self/ns/uts; hostname; cat /etc/hostname'),
    ];
    const {stdout} = await run(words, {as: person});
    expect(stdout).toBe(`${own('uts')}${hostname()}\n${hostname()}\n`);
    const {status, stderr} = await run(['--uts', 'host', '-h', 'x', '/bin/true'], {as: person});
    expect([status, stderr]).toEqual([125, expect.stringContaining('contradict')]);
  });

  it('--ipc host: shared memory is the host’s', async () => {
    const words = ['--ipc', 'host', ...bash('readlink /proc/self/ns/ipc; stat -fc %T /dev/shm')];
    const {stdout} = await run(words, {as: person});
    expect(stdout).toBe(`${own('ipc')}tmpfs\n`);
  });

  it('--ipc none: there is no place for any', async () => {
    const words = [
      '--ipc',
      'none',
      ...bash('readlink /proc/self/ns/ipc; ls -d /dev/shm /dev/mqueue'),
    ];
    const {stdout} = await run(words, {as: person});
    expect(lines(stdout)).toHaveLength(1);
    expect(stdout).not.toBe(own('ipc'));
  });

  it('by a path are refused for a plain user, in one line', async () => {
    if (person.uid === 0) return;
    const {status, stderr} = await run(['--network', 'ns:/proc/self/ns/net', '/bin/true'], {
      as: person,
    });
    expect([status, stderr]).toEqual([125, expect.stringContaining('only root can join')]);
  });
});

describeRoot('namespaces that are joined', () => {
  async function holder(flags: readonly string[]) {
    const started = launch('unshare', [...flags, 'bash', '-c', 'echo $$; exec sleep 60']);
    const pid = Number(await started.printed('\n'));
    const holder = familyOf(started.pid).all.at(-1)?.pid ?? started.pid;
    return {pid, holder, end: () => process.kill(holder, 'SIGKILL')};
  }

  it.each([[[]], [['--userns', 'host']]])('--network ns:PATH is that one (%j)', async (flags) => {
    const other = await holder(['--net']);
    const path = `/proc/${other.holder}/ns/net`;
    const script =
      'readlink /proc/self/ns/net; ls -A /sys/class/net | wc -l; grep -c . /etc/resolv.conf';
    const {stdout, status} = await run([...flags, '--network', `ns:${path}`, ...bash(script)]);
    expect([status, lines(stdout)[0]]).toEqual([0, readlinkSync(path)]);
    other.end();
  });

  it('of processes and of users are entered by a spec too', async () => {
    const other = start(['run', ...bash('echo ready; exec sleep 60')]);
    await other.printed('ready');
    const path = (type: string) => `/proc/${familyOf(other.pid).init?.pid}/ns/${type}`;
    const script =
      'readlink /proc/self/ns/user; readlink /proc/self/ns/pid; cat /proc/1/comm; id -u';
    const {stdout, stderr} = await runSpec(someone, script, {
      hostIds: true,
      unnamed: true,
      spec: {mounts: [{destination: '/proc', type: 'proc', source: 'proc'}]},
      linux: {
        namespaces: [
          {type: 'mount'},
          {type: 'user', path: path('user')},
          {type: 'pid', path: path('pid')},
        ],
      },
    });
    expect(stderr).toBe('');
    const links = ['user', 'pid'].map((type) => readlinkSync(path(type)));
    expect(lines(stdout)).toEqual([...links, 'sleep', '0']);
    other.process.kill('SIGTERM');
    await other.result;
  });

  it('of every kind that a spec can name are entered', async () => {
    const other = await holder(['--net', '--ipc', '--uts', '--cgroup', '--time', '--fork']);
    const kinds = [
      ['network', 'net'],
      ['ipc', 'ipc'],
      ['uts', 'uts'],
      ['cgroup', 'cgroup'],
      ['time', 'time'],
    ] as const;
    const names = kinds.map(([, name]) => name);
    const script = names.map((name) => `readlink /proc/self/ns/${name}`).join('; ');
    for (const hostIds of [true, false]) {
      const joined: Namespace[] = kinds.map(([type, name]) => ({
        type,
        path: `/proc/${other.holder}/ns/${name}`,
      }));
      const fresh = hostIds ? (['pid', 'mount'] as const) : (['pid', 'mount', 'user'] as const);
      const {stdout, stderr} = await runSpec(someone, script, {
        hostIds,
        unnamed: true,
        // A file system of message queues takes rights over their namespace.
        spec: {mounts: [{destination: '/proc', type: 'proc', source: 'proc'}]},
        linux: {namespaces: [...fresh.map((type) => ({type})), ...joined]},
      });
      expect(stderr).toBe('');
      expect(lines(stdout)).toEqual(
        names.map((name) => readlinkSync(`/proc/${other.holder}/ns/${name}`)),
      );
    }
    other.end();
  });
});
