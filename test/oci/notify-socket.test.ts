import {execFileSync, spawnSync} from 'node:child_process';
import {join} from 'node:path';
import type {Spec} from '@minicontainer/spec';
import {expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';

const writable = (spec: Spec): Spec => ({...spec, root: {...spec.root, readonly: false}});
const receive = `
import socket, sys
own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
own.bind(sys.argv[1])
import subprocess
subprocess.run(sys.argv[2:], env={'NOTIFY_SOCKET': sys.argv[1], 'PATH': '/usr/local/bin:/usr/bin:/bin'}, check=True, stdout=subprocess.DEVNULL)
own.settimeout(10)
print(own.recv(100).decode())
`;
const send = `
import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'READY=1', sys.argv[1])
`;

test('a container tells the service manager that its caller is a service of', () => {
  using runtime = new TestRuntime();
  const bundle = runtime.bundle(
    'one',
    ['sh', '-c', 'echo $NOTIFY_SOCKET > /tmp/told; sleep 100'],
    writable,
  );
  const socket = join(runtime.scratch, 'manager');
  const start = `"$1" --root "$2" run --detach --bundle "$3" one </dev/null >/dev/null 2>&1 &&
    sleep 0.2 && exec python3 -c "$4" /proc/$(sed 's/ .*//' "$2/one/init")/root$(cat "$3/rootfs/tmp/told")`;
  const words = ['sh', '-ec', start, 'sh', runtime.program, runtime.root, bundle, send];
  const {status, stdout, stderr} = spawnSync('python3', ['-c', receive, socket, ...words], {
    encoding: 'utf8',
    env: {...process.env, PATH: `${join(process.execPath, '..')}:${process.env.PATH}`},
  });
  expect({status, stdout, stderr}).toEqual({status: 0, stdout: 'READY=1\n', stderr: ''});
  execFileSync(runtime.program, ['--root', runtime.root, 'delete', '--force', 'one']);
});

test('a socket that is not there, or without a path, is none', () => {
  using runtime = new TestRuntime();
  const bundle = runtime.bundle(
    'one',
    ['sh', '-c', 'echo "told $NOTIFY_SOCKET" > /tmp/told'],
    writable,
  );
  for (const socket of ['/nowhere', '@abstract', '']) {
    const {status} = spawnSync(
      runtime.program,
      ['--root', runtime.root, 'run', '--bundle', bundle, 'one'],
      {stdio: 'ignore', env: {...process.env, NOTIFY_SOCKET: socket}},
    );
    expect([status, runtime.read(bundle, 'tmp/told')]).toEqual([0, 'told \n']);
  }
});
