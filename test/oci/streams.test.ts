import {spawn, spawnSync} from 'node:child_process';
import {closeSync, constants, openSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {useRoom} from './harness/room.ts';

/** Who it is on the host: root's container with a user of its own, and one in a user namespace. */
const users = [
  {title: 'root', more: {}, uid: 0},
  {title: 'another user', more: {process: {user: {uid: 1000, gid: 1000}}}, uid: 1000},
  {title: 'root of a user namespace', more: namespaced(0), uid: 200_000},
  {title: 'a user of a user namespace', more: namespaced(33), uid: 200_033},
];
const writing = 'echo out; echo err >&2; echo again >>/dev/stdout; echo more >>/dev/stderr';

describe.each(users)('the streams of $title', ({more, uid}) => {
  const at = useRoom();

  test('are files of the caller, which it can open by their names', async () => {
    at.room.write(`cat; ${writing}`, more);
    const input = join(at.room.path, 'input');
    const output = join(at.room.path, 'output');
    writeFileSync(input, 'in\n', {mode: 0o600});
    writeFileSync(output, '', {mode: 0o600});
    const fds = [openSync(input, 'r'), openSync(output, 'a'), openSync(output, 'a')];
    expect(await run(fds)).toBe(0);
    fds.map(closeSync);
    expect(readFileSync(output, 'utf8')).toBe('in\nout\nerr\nagain\nmore\n');
    expect(statSync(output).uid).toBe(uid);
  });

  test('are fifos, as shims make them', async () => {
    at.room.write(writing, more);
    const fifo = join(at.room.path, 'fifo');
    spawnSync('mkfifo', ['-m', '600', fifo]);
    const reader = spawn('cat', [fifo], {stdio: ['ignore', 'pipe', 'inherit']});
    let read = '';
    reader.stdout.on('data', (data) => {
      read += data;
    });
    const fd = openSync(fifo, 'w');
    const input = openSync(join(at.room.bundle, 'config.json'), 'r');
    expect(await run([input, fd, fd])).toBe(0);
    closeSync(fd);
    closeSync(input);
    await expect.poll(() => read).toBe('out\nerr\nagain\nmore\n');
    expect(statSync(fifo).uid).toBe(uid);
  });

  test('are pipes, as conmon makes them', async () => {
    at.room.write(writing, more);
    const words = at.room.words(['run', '--bundle', at.room.bundle, at.room.id]);
    const {result} = at.room.launch('sh', [
      '-c',
      'echo | "$@" 2>&1 | cat >"$0"',
      `${at.room.path}/read`,
      ...words,
    ]);
    expect(await result).toMatchObject({status: 0, stderr: ''});
    expect(readFileSync(join(at.room.path, 'read'), 'utf8')).toBe('out\nerr\nagain\nmore\n');
  });

  test('are sockets, which nobody can open again', async () => {
    at.room.write('echo out; echo err >&2; cat', more);
    const script = `
import socket, subprocess, sys
ours, theirs = socket.socketpair()
child = subprocess.Popen(sys.argv[1:], stdin=theirs, stdout=theirs, stderr=theirs)
theirs.close()
ours.sendall(b'in\\n')
ours.shutdown(socket.SHUT_WR)
text = b''
while True:
    data = ours.recv(100)
    if not data: break
    text += data
print(text.decode(), end='')
sys.exit(child.wait())
`;
    const words = at.room.words(['run', '--bundle', at.room.bundle, at.room.id]);
    const {result} = at.room.launch('python3', ['-c', script, ...words]);
    expect(await result).toMatchObject({status: 0, stdout: 'out\nerr\nin\n'});
  });

  test("leave the host's devices and directories as they are", async () => {
    at.room.write('true', more);
    const before = ['/dev/null', '/dev/zero', '/dev/full', '/etc'].map(
      (path) => statSync(path).uid,
    );
    for (const paths of [
      ['/dev/null', '/dev/null', '/dev/null'],
      ['/dev/zero', '/dev/full', '/dev/full'],
      ['/etc', '/dev/null', '/dev/null'],
    ]) {
      const fds = paths.map((path, fd) =>
        openSync(path, fd === 0 ? constants.O_RDONLY : constants.O_WRONLY),
      );
      await run(fds);
      fds.map(closeSync);
      const now = ['/dev/null', '/dev/zero', '/dev/full', '/etc'].map((path) => statSync(path).uid);
      expect(now).toEqual(before);
    }
  });

  async function run(stdio: readonly number[]): Promise<number | string> {
    const [program = '', ...words] = at.room.words(['run', '--bundle', at.room.bundle, at.room.id]);
    return (await at.room.launch(program, words, {stdio}).result).status;
  }
});

describe('a terminal', () => {
  const at = useRoom();

  test('of the caller belongs to the user while it is a stream, and is not controlled', async () => {
    at.room.write('stat -Lc %u /dev/stdout; : >/dev/tty', {
      process: {user: {uid: 1000, gid: 1000}},
    });
    const words = at.room.words(['run', '--bundle', at.room.bundle, at.room.id]);
    const line = words.map((word) => `'${word}'`).join(' ');
    const {result} = at.room.launch('script', ['-qec', line, '/dev/null']);
    const {stdout} = await result;
    expect(stdout).toMatch(/^1000\r\n/);
    expect(stdout).toMatch(
      /\/dev\/tty: (No such device or address|Permission denied|No such file)/,
    );
  });
});

function namespaced(user: number) {
  const ids = [{containerID: 0, hostID: 200_000, size: 65_536}];
  const types = ['user', 'pid', 'mount', 'ipc', 'uts', 'network'];
  return {
    process: {user: {uid: user, gid: user}},
    linux: {uidMappings: ids, gidMappings: ids, namespaces: types.map((type) => ({type}))},
  };
}
