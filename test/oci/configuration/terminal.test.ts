import {createServer, type Server} from 'node:net';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {Bundle, withProcess} from './bundle.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

/** A socket that takes what a runtime sends, its descriptors too, which are closed with it. */
async function listen(path: string): Promise<void> {
  const listening = createServer((socket) => socket.resume()).listen(path);
  server = listening;
  await new Promise((resolve) => listening.once('listening', resolve));
}

describeRoot('a terminal', () => {
  test('has the size that is given, is of its user, and is the one that the process is controlled by', async () => {
    const process = {
      terminal: true,
      consoleSize: {width: 123, height: 45},
      user: {uid: 1000, gid: 1000},
    };
    using bundle = new Bundle(
      '(stty size; tty; stat -c "%u %a" /dev/pts/0; echo x >/dev/tty && echo controlled) >/out/told 2>&1; true',
      (spec) => ({
        ...withProcess(process)(spec),
        mounts: [
          ...(spec.mounts ?? []),
          {type: 'bind', source: 'out', destination: '/out', options: ['rbind']},
        ],
      }),
    );
    bundle.directory('out', 0o777);
    const socket = join(bundle.path, 'console');
    await listen(socket);
    expect(bundle.create('--console-socket', socket)).toMatchObject({status: 0, stderr: ''});
    expect(bundle.runtime('start', bundle.id).status).toBe(0);
    bundle.ended();
    expect(bundle.read('out/told')).toBe('45 123\n/dev/pts/0\n1000 620\ncontrolled\n');
  });

  test('of a container that another engine watches is refused without a socket to send it to', () => {
    using bundle = new Bundle('true', withProcess({terminal: true}));
    expect(bundle.create().status).toBe(1);
  });

  test('socket is refused for a container without a terminal, and where nobody listens', async () => {
    using plain = new Bundle('true');
    expect(plain.create('--console-socket', join(plain.path, 'none')).status).toBe(1);
    using wanting = new Bundle('true', withProcess({terminal: true}));
    const {status, stderr} = wanting.create('--console-socket', join(wanting.path, 'none'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('none')]);
    expect(wanting.runtime('state', wanting.id).status).toBe(1);
  });
});
