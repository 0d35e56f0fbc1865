import {expect, test} from 'vitest';
import {verdictOf} from './verdict.ts';

const ended = (stdout: string, stderr = '', exitCode: number | undefined = 0) =>
  verdictOf({stdout, stderr, exitCode});

test('a program passes when all that it says is ok', () => {
  expect(ended('TAP version 13\nok 1 - has expected hostname\n1..1\n')).toBeUndefined();
});

test('a program that has nothing to say passes', () => {
  expect(ended('')).toBeUndefined();
  expect(ended('TAP version 13\n1..0\n')).toBeUndefined();
});

test('one thing that is not ok is what a program failed by, whatever it ends with', () => {
  expect(ended('ok 1 - a\nnot ok 2 - b\nnot ok 3 - c\n1..3\n')).toBe('b');
});

test('an error that belongs to an expectation met is none', () => {
  expect(ended('ok 1 - refuses\n  ---\n  {\n    "error": "exit status 1"\n  }\n')).toBeUndefined();
});

test('an error that belongs to no expectation is what a program failed by', () => {
  const output =
    'TAP version 13\n  ---\n  {\n    "error": "out of order\\nRefer to: x"\n  }\n1..0\n';
  expect(ended(output)).toBe('out of order');
});

test('a program that ends badly is told by its last words', () => {
  expect(ended('', 'failed to create the container\nno such cgroup\nexit status 1\n', 1)).toBe(
    'no such cgroup',
  );
  expect(ended('', 'panic: index out of range\n\ngoroutine 1\n', 2)).toBe(
    'panic: index out of range',
  );
  expect(ended('', '', 3)).toBe('exit code 3');
});

test('what differs between two runs is not told', () => {
  const line = 'time="2026-11-24T11:57:49Z" level=error msg="mount \\"/tmp/a/ocitest3984: denied"';
  expect(ended('not ok 1 - exit status 1\n1..1\n', `${line}\n`)).toBe('mount "BUNDLE: denied');
});

test('a program that is ended by the time limit has failed', () => {
  expect(verdictOf({stdout: 'ok 1 - a\n', stderr: '', exitCode: undefined})).toBe(
    'did not end in time',
  );
});
