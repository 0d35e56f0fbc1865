import {spawn} from 'node:child_process';
import {expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';
import {until} from './harness/until.ts';

const two = ['sh', '-c', 'sleep 1001 & sleep 1000'];

test('the processes of a container are shown, and no others', async () => {
  using runtime = new TestRuntime();
  using runc = new TestRuntime('runc');
  for (const one of [runtime, runc]) {
    one.start(one.bundle('ps', two), 'ps');
    await until(() => JSON.parse(one.must('ps', '--format', 'json', 'ps')).length === 2);
  }
  const [header, ...lines] = runtime.must('ps', 'ps').trimEnd().split('\n');
  expect(header).toBe(runc.must('ps', 'ps').split('\n')[0]);
  expect(lines.map((line) => line.split(/\s+/).slice(7).join(' ')).sort()).toEqual([
    'sleep 1000',
    'sleep 1001',
  ]);
});

test('options behind the id are those of ps(1), which must print the ids', () => {
  using runtime = new TestRuntime();
  runtime.start(runtime.bundle('options', ['sleep', '1000']), 'options');
  const {pid} = JSON.parse(runtime.must('state', 'options'));
  const lines = runtime.must('ps', 'options', '-eo', 'pid,args').trimEnd().split('\n');
  expect(lines.slice(1)).toEqual([expect.stringMatching(new RegExp(`^ *${pid} sleep 1000$`))]);
  const {status, stderr} = runtime.run('ps', 'options', '-eo', 'args');
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining("couldn't find PID field in ps output"),
  ]);
});

test('without a cgroup they are those of its pid namespace', async () => {
  using runtime = new TestRuntime();
  const bundle = runtime.bundle('bare', two, ({linux, ...spec}) => {
    const {cgroupsPath: _, resources: __, ...rest} = linux ?? {};
    return {...spec, linux: rest};
  });
  runtime.start(bundle, 'bare', '--cgroup-manager', 'disabled');
  const listed = () => JSON.parse(runtime.must('ps', '--format', 'json', 'bare'));
  await until(() => listed().length === 2);
  const {pid} = JSON.parse(runtime.must('state', 'bare'));
  const joined = spawn('nsenter', ['-t', String(pid), '-p', '-m', 'sleep', '1002']);
  await until(() => listed().length === 3);
  joined.kill();
});

test('of one that has ended there are none to show', () => {
  using runtime = new TestRuntime();
  runtime.create(runtime.bundle('ended', ['sleep', '1000']), 'ended');
  runtime.must('kill', 'ended', 'KILL');
  const {status, stderr} = runtime.run('ps', 'ended');
  expect([status, stderr]).toEqual([1, expect.stringContaining('container not running')]);
});
