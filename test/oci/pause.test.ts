import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';
import {until} from './harness/until.ts';

const busy = ['sh', '-c', 'while :; do :; done'];

test('a paused container uses no time, and goes on when it is resumed', async () => {
  using runtime = new TestRuntime();
  runtime.start(runtime.bundle('busy', busy), 'busy');
  const {pid} = JSON.parse(runtime.must('state', 'busy'));
  const used = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).join();
  runtime.must('pause', 'busy');
  expect(JSON.parse(runtime.must('state', 'busy')).status).toBe('paused');
  const before = used();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(used()).toBe(before);
  runtime.must('resume', 'busy');
  expect(JSON.parse(runtime.must('state', 'busy')).status).toBe('running');
  await until(() => used() !== before);
});

test('only one that runs is paused, only one that is paused is resumed', () => {
  using runtime = new TestRuntime();
  const refused = (...words: string[]) => {
    const {status, stderr} = runtime.run(...words);
    return [status, stderr];
  };
  expect(refused('pause', 'none')).toEqual([1, expect.stringContaining('does not exist')]);
  runtime.start(runtime.bundle('one', ['sleep', '1000']), 'one');
  expect(refused('resume', 'one')).toEqual([1, expect.stringContaining('container not paused')]);
  runtime.must('pause', 'one');
  expect(refused('pause', 'one')).toEqual([1, expect.stringContaining('container not running')]);
});

test.each([
  ['kill', ['kill', 'held', 'KILL']],
  ['kill --all', ['kill', '--all', 'held', 'KILL']],
])('%s with KILL ends one that is paused', async (_, words) => {
  using runtime = new TestRuntime();
  runtime.start(runtime.bundle('held', ['sh', '-c', 'sleep 1000 & sleep 1000']), 'held');
  runtime.must('pause', 'held');
  runtime.must(...words);
  await until(() => JSON.parse(runtime.must('state', 'held')).status === 'stopped');
  runtime.must('delete', 'held');
});

test('delete --force ends one that is paused', () => {
  using runtime = new TestRuntime();
  runtime.start(runtime.bundle('forced', ['sleep', '1000']), 'forced');
  runtime.must('pause', 'forced');
  expect(runtime.run('delete', 'forced').stderr).toContain('not stopped: paused');
  runtime.must('delete', '--force', 'forced');
  expect(runtime.must('list', '-q')).toBe('');
});
