import {readlinkSync} from 'node:fs';
import {createServer} from 'node:net';
import {expect, it} from 'vitest';
import {familyOf} from '../harness/family.ts';
import {describeEach, describeRoot} from '../harness/people.ts';
import {run, start} from '../harness/run.ts';
import {bash, lines} from '../harness/words.ts';

const types = ['pid', 'mnt', 'uts', 'ipc', 'net', 'cgroup', 'user'] as const;
const printNamespaces = `for type in ${types.join(' ')}; do readlink /proc/self/ns/$type; done`;
const readNamespaces = bash(printNamespaces);

function ownNamespaces(): string[] {
  return types.map((type) => readlinkSync(`/proc/self/ns/${type}`));
}

describeEach('the namespaces of a container', (person) => {
  it('are all its own', async () => {
    const {stdout} = await run(readNamespaces, {as: person});
    const host = ownNamespaces();
    expect(lines(stdout)).toHaveLength(types.length);
    expect(lines(stdout).filter((name) => host.includes(name))).toEqual([]);
  });

  it('are other ones than those of a container beside it', async () => {
    // The kernel gives the number of a namespace that has ended to the next one.
    const alive = bash(`${printNamespaces}; sleep 2`);
    const [first, second] = await Promise.all([run(alive, {as: person}), run(alive, {as: person})]);
    expect(lines(first.stdout).filter((name) => second.stdout.includes(name))).toEqual([]);
  });

  it('have a loopback that answers, and no other network device', async () => {
    const script = `
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
server6 = socket.create_server(("::1", 0), family=socket.AF_INET6)
socket.create_connection(server6.getsockname()[:2])
print(*sorted(name for _, name in socket.if_nameindex()))`;
    const {stdout, stderr} = await run(['/usr/bin/python3', '-c', script], {as: person});
    expect(stderr).toBe('');
    expect(stdout.split(/\s+/)).toContain('lo');
    expect(stdout).not.toMatch(/eth|en[ps]|wlan|br-|docker/);
  });

  it('have no way to a server of the host', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const connect = bash(`(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && echo reached`);
    expect(await run(connect, {as: person})).toMatchObject({stdout: ''});
    const host = await run(['--network', 'host', ...connect], {as: person});
    await new Promise((resolve) => server.close(resolve));
    expect(host).toMatchObject({status: 0, stdout: 'reached\n'});
  });

  it('are the host’s for the network with --network host, and for nothing else', async () => {
    const {stdout} = await run(['--network', 'host', ...readNamespaces], {as: person});
    const host = ownNamespaces();
    expect(lines(stdout).filter((name) => host.includes(name))).toEqual([
      readlinkSync('/proc/self/ns/net'),
    ]);
  });

  it('have a cgroup root that shows nothing above it', async () => {
    const {stdout} = await run(bash('cut -d: -f3 /proc/self/cgroup | sort -u'), {as: person});
    expect(stdout).toBe('/\n');
  });

  it('have message queues and shared memory of their own', async () => {
    const script = 'ipcmk -M 4096 > /dev/null; ipcs -m | grep -c 0x; ls -A /dev/shm /dev/mqueue';
    const {stdout} = await run(bash(script), {as: person});
    expect(stdout).toBe('1\n/dev/mqueue:\n\n/dev/shm:\n');
  });

  it('have a session keyring of their own', async () => {
    const script = `
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(200)
assert libc.syscall(250, 6, -3, buffer, 200) > 0
print(buffer.value.decode().split(";")[-1])
assert libc.syscall(250, 10, b"user", b"minicontainer-e2e", None, -3) == -1`;
    // The default filter allows no keyctl at all.
    const words = ['--security-opt', 'seccomp=unconfined', '/usr/bin/python3', '-c', script];
    const {stdout, stderr} = await run(words, {as: person});
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^minicontainer-[0-9a-f]{64}\n$/);
  });
});

describeRoot('two containers of root', () => {
  it('have ids that nobody else has: neither the host nor each other', async () => {
    const words = ['run', ...bash('cut -c1-40 /proc/self/uid_map; read line')];
    const containers = [start(words, {stdin: 'open'}), start(words, {stdin: 'open'})];
    const maps = await Promise.all(containers.map((container) => container.printed('\n')));
    const keepers = containers.map(({pid}) => familyOf(pid).keeper);
    expect(keepers).not.toContain(undefined);
    for (const container of containers) container.stdin.end('\n');
    await Promise.all(containers.map(({result}) => result));
    const bases = maps.map((map) => Number(map.trim().split(/\s+/)[1]));
    expect(new Set(bases).size).toBe(2);
    for (const base of bases) expect(base).toBeGreaterThanOrEqual(1_000_000);
    expect(Math.abs((bases[0] ?? 0) - (bases[1] ?? 0))).toBeGreaterThanOrEqual(65_536);
  });

  it('share the host’s ids with --userns host and with --privileged, and nothing else', async () => {
    for (const flag of [['--userns', 'host'], ['--privileged']]) {
      const {stdout} = await run([...flag, ...readNamespaces]);
      const host = ownNamespaces();
      expect(lines(stdout).filter((name) => host.includes(name))).toEqual([
        readlinkSync('/proc/self/ns/user'),
      ]);
    }
  });
});
