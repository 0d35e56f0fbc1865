import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describePodman, image, type Podman} from '../harness/podman.ts';

/** A new directory of this person's, with a file in it. */
async function makeDirectory(podman: Podman): Promise<string> {
  const directory = join(podman.home.work, podman.name());
  await podman.program(['sh', '-c', 'mkdir "$0" && echo of the host >"$0/file"', directory]);
  return directory;
}

describePodman('files of containers of Podman', (podman) => {
  test.concurrent('-v shows a directory of the host’s, to write or only to read', async () => {
    const source = await makeDirectory(podman());
    const script = 'cat /data/file && echo more >/data/new';
    expect(await podman().output(['-v', `${source}:/data`], ['sh', '-c', script])).toBe(
      'of the host',
    );
    expect(readFileSync(join(source, 'new'), 'utf8')).toBe('more\n');
    const {status, stderr} = await podman().run(['-v', `${source}:/data:ro`], ['sh', '-c', script]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('Read-only file system');
  });

  test.concurrent('-v with options of a mount', async () => {
    const source = await makeDirectory(podman());
    const flags = ['-v', `${source}:/data:noexec,nosuid,nodev,rprivate`];
    expect(await podman().output(flags, ['grep', ' /data ', '/proc/mounts'])).toMatch(
      / rw,nosuid,nodev,noexec,/,
    );
  });

  test.concurrent('-v of a single file', async () => {
    const source = await makeDirectory(podman());
    const flags = ['-v', `${source}/file:/etc/some/file`];
    expect(await podman().output(flags, ['cat', '/etc/some/file'])).toBe('of the host');
  });

  test.concurrent('-v with :U gives it to the user of the command', async () => {
    const source = await makeDirectory(podman());
    const flags = ['-u', 'worker', '-v', `${source}:/data:U`];
    expect(await podman().output(flags, ['sh', '-c', 'touch /data/x && stat -c %u /data'])).toBe(
      '1000',
    );
  });

  test.concurrent('a named volume keeps what was in the image, and what is written', async () => {
    await using volume = podman().removed(`v${podman().name()}`, 'volume');
    const flags = ['-v', `${volume.name}:/etc`];
    expect(await podman().output(flags, ['sh', '-c', 'echo new >/etc/new; ls /etc'])).toContain(
      'passwd',
    );
    expect(await podman().output(flags, ['cat', '/etc/new'])).toBe('new');
    const {status} = await podman().run(['-v', `${volume.name}:/etc:ro`], ['touch', '/etc/other']);
    expect(status).toBe(1);
  });

  test.concurrent('--mount of each type', async () => {
    const source = await makeDirectory(podman());
    const flags = [
      ...['--mount', `type=bind,source=${source},target=/bound,readonly`],
      ...['--mount', 'type=tmpfs,target=/memory,tmpfs-size=1m,tmpfs-mode=700'],
      ...['--mount', `type=image,source=${image},target=/image`],
      ...['--mount', 'type=devpts,target=/terminals'],
    ];
    const script =
      'cat /bound/file; stat -c %a /memory; df -m /memory | tail -1; ls -d /image/bin; ls /terminals';
    expect(await podman().output(flags, ['sh', '-c', script])).toMatch(
      /^of the host\n700\ntmpfs +1 .*\n\/image\/bin\nptmx$/,
    );
  });

  test.concurrent('--read-only leaves only what is meant to be written', async () => {
    const script =
      'touch /x; touch /etc/x; touch /tmp/x && touch /run/x && touch /dev/shm/x && echo yes';
    const {stdout, stderr} = await podman().run(['--read-only'], ['sh', '-c', script]);
    expect(stdout).toBe('yes\n');
    expect(stderr.match(/Read-only file system/g)).toHaveLength(2);
    const none = await podman().run(
      ['--read-only', '--read-only-tmpfs=false'],
      ['touch', '/tmp/x'],
    );
    expect(none.stderr).toContain('Read-only file system');
  });

  test.concurrent('--tmpfs is empty unless it is to keep what was there', async () => {
    const list = (flag: string) => podman().output(['--tmpfs', flag], ['ls', '/etc']);
    expect(await list('/etc:rw,notmpcopyup')).not.toContain('passwd');
    expect(await list('/etc')).toContain('passwd');
    expect(
      await podman().output(
        ['--tmpfs', '/t:size=2m,mode=1711,noexec'],
        ['grep', ' /t ', '/proc/mounts'],
      ),
    ).toMatch(/noexec.*size=2048k,mode=1711/);
  });

  test.concurrent('mounts on mounts lie in their order', async () => {
    const source = await makeDirectory(podman());
    const flags = ['--tmpfs', '/a', '-v', `${source}:/a/b`, '--tmpfs', '/a/b/c'];
    const script = 'cat /a/b/file; stat -f -c %T /a /a/b/c';
    expect(await podman().output(flags, ['sh', '-c', script])).toBe('of the host\ntmpfs\ntmpfs');
  });

  test.concurrent('a volume mounted later on the host is seen by rslave', async () => {
    const source = await makeDirectory(podman());
    await using container = await podman().detach(
      ['-v', `${source}:/data:rslave`],
      ['sleep', '60'],
    );
    expect(
      await podman().succeed(['exec', container.name, 'grep', ' /data ', '/proc/self/mountinfo']),
    ).toMatch(/ master:\d+/);
  });

  test.concurrent('--device', async () => {
    const flags = ['--device', '/dev/null:/dev/nothing:rw'];
    const script = 'echo x >/dev/nothing && stat -c %t:%T /dev/nothing';
    expect(await podman().output(flags, ['sh', '-c', script])).toBe('1:3');
    expect((await podman().run(['--device', '/dev/no-such'], ['true'])).status).toBe(125);
  });

  test.concurrent('has the devices, links and places that a container has', async () => {
    const script = `cd /dev; ls -d null zero full random urandom tty pts shm mqueue ptmx; readlink fd; readlink stdin;
      stat -f -c %T /proc /sys /dev /dev/shm /dev/mqueue; echo x >/dev/null; head -c 2 /dev/zero | wc -c`;
    expect((await podman().output([], ['sh', '-c', script])).split('\n')).toEqual([
      ...['full', 'mqueue', 'null', 'ptmx', 'pts', 'random', 'shm', 'tty', 'urandom', 'zero'],
      ...['/proc/self/fd', '/proc/self/fd/0'],
      ...['proc', 'sysfs', 'tmpfs', 'tmpfs', 'UNKNOWN', '2'],
    ]);
  });

  test.concurrent('cp takes files in and out, while it runs and before', async () => {
    const source = await makeDirectory(podman());
    await using container = await podman().detach(['--tmpfs', '/memory'], ['sleep', '60']);
    await podman().succeed(['cp', `${source}/file`, `${container.name}:/memory/in`]);
    expect(await podman().succeed(['exec', container.name, 'cat', '/memory/in'])).toBe(
      'of the host',
    );
    await podman().succeed(['cp', `${container.name}:/memory/in`, join(source, 'out')]);
    expect(readFileSync(join(source, 'out'), 'utf8')).toBe('of the host\n');
  });

  test.concurrent('--secret and --dns give their files', async () => {
    const source = await makeDirectory(podman());
    const secret = podman().name();
    await podman().succeed(['secret', 'create', secret, join(source, 'file')]);
    expect(await podman().output(['--secret', secret], ['cat', `/run/secrets/${secret}`])).toBe(
      'of the host',
    );
    await podman().succeed(['secret', 'rm', secret]);
    expect(
      await podman().output(
        ['--network', 'host', '--add-host', 'one:1.2.3.4'],
        ['cat', '/etc/hosts'],
      ),
    ).toContain('1.2.3.4\tone');
  });

  test.concurrent('--rootfs runs a directory', async () => {
    const source = join(podman().home.work, podman().name());
    await podman().program(['cp', '-a', '--no-preserve=ownership', podman().arena.rootfs, source]);
    expect(
      await podman().succeed(['run', '--rm', '--rootfs', source, 'cat', '/etc/passwd']),
    ).toContain('worker');
    expect(
      await podman().succeed([
        'run',
        '--rm',
        '--rootfs',
        `${source}:O`,
        'sh',
        '-c',
        'echo x >/x; cat /x',
      ]),
    ).toBe('x');
    expect(statSync(join(source, 'x'), {throwIfNoEntry: false})).toBe(undefined);
  });
});
