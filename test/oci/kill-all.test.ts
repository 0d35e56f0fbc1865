import {expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';
import {until} from './harness/until.ts';

function statusOf(runtime: TestRuntime, id: string): string {
  return JSON.parse(runtime.must('state', id)).status;
}

test('kill --all ends a container whose processes keep being born', async () => {
  using runtime = new TestRuntime();
  const bomb = 'f() { f & f & sleep 0.01; }; f; sleep 1000';
  const bundle = runtime.bundle('bomb', ['sh', '-c', bomb], ({linux, ...spec}) => ({
    ...spec,
    linux: {...linux, resources: {...linux?.resources, pids: {limit: 60}}},
  }));
  runtime.start(bundle, 'bomb');
  runtime.must('kill', '--all', 'bomb', 'KILL');
  await until(() => statusOf(runtime, 'bomb') === 'stopped');
  runtime.must('delete', 'bomb');
});

test('kill --all signals each process once, and those of a paused one when it goes on', async () => {
  using runtime = new TestRuntime();
  const counting = 'trap "echo x >>/tmp/said" USR1; while :; do sleep 0.05; done';
  const bundle = runtime.bundle('once', ['sh', '-c', counting], (spec) => ({
    ...spec,
    root: {path: 'rootfs', readonly: false},
  }));
  runtime.start(bundle, 'once');
  runtime.must('pause', 'once');
  runtime.must('kill', '--all', 'once', 'USR1');
  expect(statusOf(runtime, 'once')).toBe('paused');
  runtime.must('resume', 'once');
  const said = () => runtime.read(bundle, 'tmp/said');
  await until(() => said() !== '');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(said()).toBe('x\n');
});

test('kill --all reaches what is left of a container that shares the pid namespace of the host', async () => {
  using runtime = new TestRuntime();
  const bundle = runtime.bundle('shared', ['sh', '-c', 'sleep 1000 & exec sleep 0.5'], (spec) => ({
    ...spec,
    linux: {
      ...spec.linux,
      namespaces: spec.linux?.namespaces?.filter(({type}) => type !== 'pid') ?? [],
    },
  }));
  runtime.start(bundle, 'shared');
  const [, left] = await runtime.processes('shared', 2);
  await until(() => statusOf(runtime, 'shared') === 'stopped');
  expect(() => process.kill(Number(left), 0)).not.toThrow();
  runtime.must('kill', '--all', 'shared', 'KILL');
  await until(() => !isAlive(Number(left)));
  runtime.must('delete', 'shared');
});

test('without a cgroup kill --all signals the first process', async () => {
  using runtime = new TestRuntime();
  runtime.start(runtime.bundle('bare', ['sleep', '1000']), 'bare', '--cgroup-manager', 'disabled');
  runtime.must('kill', '--all', 'bare', 'KILL');
  await until(() => statusOf(runtime, 'bare') === 'stopped');
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
