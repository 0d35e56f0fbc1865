import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {expect, test} from 'vitest';
import {describeEach} from '../../e2e/harness/people.ts';
import {TestContainer} from './container.ts';

/** Takes one terminal at a socket, and says what it is called, how large it is, and what is written to it. */
const receiver = `
import os, socket, sys
listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen(1)
os.chmod(sys.argv[1], 0o777); print('listening', flush=True)
message, fds, _, _ = socket.recv_fds(listener.accept()[0], 64, 4)
print(message.decode(), len(fds), *os.get_terminal_size(fds[0]))
try:
    while data := os.read(fds[0], 4096): sys.stdout.write(data.decode())
except OSError: pass
`;

describeEach('the terminal of a process that joins a container', (person) => {
  test('is handed to a socket, as large as the caller says', async () => {
    using container = new TestContainer({as: person});
    const socket = join(container.scratch, 'console');
    const process = {
      ...{args: ['sh', '-c', 'tty; stty size; exit 3'], cwd: '/', env: ['PATH=/bin']},
      ...{terminal: true, consoleSize: {height: 31, width: 97}},
    };
    const file = join(container.scratch, 'process.json');
    writeFileSync(file, JSON.stringify(process));
    chmodSync(file, 0o644);
    const listener = spawn('python3', ['-c', receiver, socket], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(listener.stdout, 'data');
    const said = text(listener.stdout);
    const {status, stderr} = container.exec(
      [],
      [...['--process', file, '--detach', '--console-socket', socket]],
    );
    expect([status, stderr]).toEqual([0, '']);
    expect((await said).trimStart()).toBe('/dev/ptmx 1 97 31\n/dev/pts/0\r\n31 97\r\n');
  });

  test('needs somebody who takes it', () => {
    using container = new TestContainer({as: person});
    const flags = ['--detach', '--tty', '--console-socket', join(container.scratch, 'nosuch')];
    expect(container.exec(['true'], flags)).toMatchObject({
      status: 255,
      stderr: expect.stringMatching(/the console socket .*nosuch cannot be reached: no such file/),
    });
    expect(container.exec(['true'], ['--detach', '--tty'])).toMatchObject({
      status: 255,
      stderr: expect.stringContaining('nobody is there to take it'),
    });
  });

  test('is of the container’s own devpts: what it has put in its place is refused', () => {
    using container = new TestContainer({
      as: person,
      change: (spec) => ({
        ...spec,
        mounts: spec.mounts?.filter(({destination}) => destination !== '/dev/pts') ?? [],
      }),
    });
    container.exec(['sh', '-c', 'mkdir /dev/pts; ln -s /proc/self/fd/0 /dev/pts/ptmx']);
    expect(container.exec(['true'], ['--tty'])).toMatchObject({
      status: 255,
      stderr: expect.stringContaining('ELOOP'),
    });
    container.exec(['sh', '-c', 'rm /dev/pts/ptmx; echo > /dev/pts/ptmx']);
    expect(container.exec(['true'], ['--tty'])).toMatchObject({
      status: 255,
      stderr: expect.stringContaining('ENODEV'),
    });
  });
});
