import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {Report} from './report.mjs';

const suite = {name: 'e2e-user', what: 'x', budgetSeconds: 10};
const allowed = [{suite: 'e2e-user', test: 'a terminal', reason: 'no terminal there'}];
let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

function reportOf(counts, options) {
  const report = new Report({allowed, ...options});
  report.begin(suite, {long: false});
  report.end(suite, {passed: 0, failed: [], skipped: [], ...counts}, {seconds: 1});
  return report.finish();
}

function lastLine() {
  return printed.trimEnd().split('\n').at(-1);
}

test('the last line alone sums up all suites', () => {
  expect(reportOf({passed: 3, skipped: ['b']}, {strict: false})).toBe(0);
  expect(lastLine()).toBe('3 passed, 0 failed, 1 skipped');
});

test('a failure gives exit code 1', () => {
  expect(reportOf({passed: 3, failed: ['b']}, {strict: false})).toBe(1);
});

test('nothing run is a failure', () => {
  expect(reportOf({}, {strict: false})).toBe(1);
  expect(lastLine()).toBe('0 passed, 0 failed, 0 skipped');
});

test('in CI a skip is a failure, unless it is listed with its reason', () => {
  expect(reportOf({passed: 1, skipped: ['a terminal is restored']}, {strict: true})).toBe(0);
  expect(lastLine()).toBe('1 passed, 0 failed, 1 skipped');
  expect(reportOf({passed: 1, skipped: ['something else']}, {strict: true})).toBe(1);
  expect(lastLine()).toBe('1 passed, 1 failed, 0 skipped');
});

test('a suite that took longer than its budget says so', () => {
  const report = new Report({strict: false, allowed});
  report.begin(suite, {long: false});
  report.end(suite, {passed: 1, failed: [], skipped: []}, {seconds: 11});
  expect(printed).toContain('OVER BUDGET');
});
