import {expect, test} from 'vitest';
import {describePodman, type Podman} from '../harness/podman.ts';
import {runtimeName} from '../harness/runtime.ts';

const kinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'] as const;

/** Of the process that runs it, the namespaces of these kinds. */
const look = (of: readonly string[] = kinds) => [
  ...['sh', '-c', 'for kind; do readlink /proc/self/ns/$kind; done', 'sh'],
  ...of,
];

/** Which of the namespaces that Podman is in a container is in too. */
async function shared(podman: Podman, flags: readonly string[]): Promise<string[]> {
  const inside = (await podman.output(flags, look())).split('\n');
  const {uid} = podman.home.person;
  const podmans = uid === 0 ? look() : ['podman', 'unshare', ...look()];
  const outside = (await podman.program(podmans)).split('\n');
  return kinds.filter((_, index) => inside[index] === outside[index]);
}

describePodman('namespaces of containers of Podman', (podman, {rootless}) => {
  test.concurrent('are its own, but for the user namespace', async () => {
    const cgroup = ['--cgroupns', 'private'];
    expect(await shared(podman(), cgroup)).toEqual(['user']);
  });

  test.concurrent.each([
    ['pid', '--pid'],
    // A plain user's Podman wants to show the host's /dev/mqueue, which may not be there.
    ...(rootless ? [] : [['ipc', '--ipc'] as const]),
    ['uts', '--uts'],
    ['cgroup', '--cgroupns'],
  ] as const)('the host’s %s namespace is shared by %s host', async (kind, flag) => {
    expect(await shared(podman(), ['--cgroupns', 'private', flag, 'host'])).toContain(kind);
  });

  test.concurrent('--network host', async () => {
    expect(await shared(podman(), ['--network', 'host'])).toContain('net');
  });

  test.concurrent('another container’s are joined', async () => {
    await using first = await podman().detach(
      ['--ipc', 'shareable', '--hostname', 'first'],
      ['sleep', '60'],
    );
    const join = ['net', 'ipc', 'pid', 'uts'].flatMap((kind) => [
      `--${kind === 'net' ? 'network' : kind}`,
      `container:${first.name}`,
    ]);
    const command = look(['net', 'ipc', 'pid', 'uts']);
    expect(await podman().output(join, command)).toBe(
      await podman().succeed(['exec', first.name, ...command]),
    );
    expect(await podman().output(join, ['hostname'])).toBe('first');
    expect(await podman().output(join, ['ps'])).toContain('sleep 60');
  });

  test.concurrent('--network none has a loopback that is up', async () => {
    expect(await podman().output([], ['ip', '-o', 'addr'])).toMatch(/^1: lo +inet 127.0.0.1\/8/);
  });
});

describePodman('user namespaces of containers of Podman', (podman, {rootless}) => {
  const map = (flags: readonly string[]) =>
    podman()
      .output(flags, ['cat', '/proc/self/uid_map', '/proc/self/gid_map'])
      .then((printed) => printed.split('\n').map((line) => line.trim().split(/ +/).join(' ')));

  test.concurrent('--uidmap and --gidmap', async () => {
    const [first, count] = rootless ? ['1', '1000'] : ['200000', '1000'];
    const flags = ['--uidmap', `0:${first}:${count}`, '--gidmap', `0:${first}:${count}`];
    expect(
      (await map(flags)).every((line) => line.startsWith('0 ') && line.endsWith(` ${count}`)),
    ).toBe(true);
    expect(
      await podman().output(
        [...flags, '-u', '7'],
        ['sh', '-c', 'touch /dev/shm/x; stat -c %u:%g /dev/shm/x /etc/passwd'],
      ),
    ).toBe('7:0\n0:0');
  });

  test.concurrent('a volume of the mapped user’s', async () => {
    await using volume = podman().removed(`v${podman().name()}`, 'volume');
    const first = rootless ? '1' : '200000';
    const flags = [
      '--uidmap',
      `0:${first}:1000`,
      '--gidmap',
      `0:${first}:1000`,
      '-v',
      `${volume.name}:/data:U`,
    ];
    expect(await podman().output(flags, ['sh', '-c', 'touch /data/x && stat -c %u /data/x'])).toBe(
      '0',
    );
  });

  test.concurrent('more devices and read-only places work with mapped ids too', async () => {
    const first = rootless ? '1' : '200000';
    const flags = [
      '--uidmap',
      `0:${first}:1000`,
      '--read-only',
      '--tmpfs',
      '/t',
      '--shm-size',
      '1m',
      '-t',
    ];
    const script = 'echo x >/dev/null && touch /t/x && tty; ls /proc/sys >/dev/null && echo yes';
    expect((await podman().run(flags, ['sh', '-c', script])).stdout).toMatch(
      /\/dev\/pts\/0\r\nyes\r\n$/,
    );
  });

  if (!rootless) {
    test.concurrent('exec enters one', async () => {
      const flags = ['--uidmap', '0:200000:3000', '--gidmap', '0:200000:3000'];
      await using container = await podman().detach(flags, ['sleep', '60']);
      expect(await podman().succeed(['exec', '-u', 'worker', container.name, 'id', '-u'])).toBe(
        '1000',
      );
    });
    return;
  }

  test.concurrent('--userns keep-id: the caller’s own id', async () => {
    const {uid} = podman().home.person;
    expect(await podman().output(['--userns', 'keep-id'], ['id', '-u'])).toBe(String(uid));
    const command = ['sh', '-c', 'touch /data/mine'];
    await podman().output(['--userns', 'keep-id', '-v', `${podman().home.work}:/data`], command);
    expect(await podman().program(['stat', '-c', '%u', 'mine'])).toBe(String(uid));
  });

  // runc cannot.
  if (runtimeName !== 'runc') {
    test.concurrent('another container’s network is joined with other ids', async () => {
      await using first = await podman().detach([], ['sleep', '60']);
      const flags = ['--userns', 'keep-id', '--network', `container:${first.name}`];
      expect(await podman().output(flags, look(['net']))).toBe(
        await podman().succeed(['exec', first.name, ...look(['net'])]),
      );
    });
  }

  test.concurrent('--userns nomap: the caller’s own id is not within', async () => {
    const lines = await map(['--userns', 'nomap']);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines).not.toContain(expect.stringMatching(/^0 0 /));
    expect(await podman().output(['--userns', 'nomap'], ['id', '-u'])).toBe('0');
  });

  // Alone: the ids of another test's container may be all that there are.
  test('--userns auto: ids that no other container has', async () => {
    const first = await map(['--userns', 'auto:size=500']);
    expect(first.every((line) => line.startsWith('0 ') && line.endsWith(' 500'))).toBe(true);
  });

  test.concurrent('--userns host is the one that Podman is in', async () => {
    expect(await podman().output(['--userns', 'host'], ['cat', '/proc/self/uid_map'])).toContain(
      '65536',
    );
  });
});
