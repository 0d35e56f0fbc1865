import {expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';

const idle = ['sleep', '1000'];

test('containers are listed in the columns of runc, with status and owner', () => {
  using runtime = new TestRuntime();
  using runc = new TestRuntime('runc');
  const bundle = runtime.bundle('listed', idle);
  runtime.create(bundle, 'listed');
  runc.create(runc.bundle('other', idle), 'other');
  const [header, line] = runtime.must('list').split('\n');
  expect(header?.split(/\s+/)).toEqual(runc.must('list').split('\n')[0]?.split(/\s+/));
  expect(line).toMatch(new RegExp(`^listed +\\d+ +created +${bundle} +\\d{4}-\\S+Z +root$`));
});

test('with --format json each is its state and its owner, as runc has it', () => {
  using runtime = new TestRuntime();
  using runc = new TestRuntime('runc');
  for (const one of [runtime, runc]) one.start(one.bundle('json', idle), 'json');
  const [[found], [yardstick]] = [runtime, runc].map((one) =>
    JSON.parse(one.must('list', '--format', 'json')),
  ) as [[Record<string, unknown>], [Record<string, unknown>]];
  for (const key of Object.keys(yardstick)) expect(found).toHaveProperty(key);
  const {owner, ...state} = found;
  expect(owner).toBe('root');
  expect(state).toEqual(JSON.parse(runtime.must('state', 'json')));
});

test('-q prints ids alone, and of no container there is an empty list', () => {
  using runtime = new TestRuntime();
  using runc = new TestRuntime('runc');
  expect(runtime.must('list', '-q')).toBe('');
  expect(runtime.must('list', '--format', 'json').trim()).toBe(
    runc.must('list', '--format', 'json').trim(),
  );
  for (const id of ['b', 'a']) runtime.create(runtime.bundle(id, idle), id);
  expect(runtime.must('list', '-q')).toBe('a\nb\n');
});

test('a format that there is not is refused by name', () => {
  using runtime = new TestRuntime();
  const {status, stderr} = runtime.run('list', '--format', 'xml');
  expect([status, stderr]).toEqual([1, expect.stringContaining('invalid format option "xml"')]);
});
