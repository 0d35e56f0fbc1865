import {describe, expect, test} from 'vitest';
import {countRun, countUnrunnable} from './count.mjs';

const checks = {name: 'lint', checks: []};
const tests = {name: 'unit', vitest: 'unit'};

const file = (status, assertionResults) => ({
  name: 'a.test.ts',
  status,
  message: 'x',
  assertionResults,
});

describe('checks', () => {
  test('count as one test each', () => {
    const commands = [
      {name: 'biome', status: 0, lastLine: 'Checked 3 files.'},
      {name: 'tsc', status: 2, lastLine: ''},
    ];
    expect(countRun(checks, {commands})).toEqual({passed: 1, failed: ['tsc'], skipped: []});
  });

  test('count as many as their last line says', () => {
    const commands = [{name: 'make', status: 1, lastLine: '12 passed, 2 failed'}];
    expect(countRun(checks, {commands})).toEqual({
      passed: 12,
      failed: ['make', 'make'],
      skipped: [],
    });
  });

  test('and skip as many', () => {
    const commands = [{name: 'make', status: 0, lastLine: '3 passed, 0 failed, 2 skipped'}];
    expect(countRun(checks, {commands})).toEqual({
      passed: 3,
      failed: [],
      skipped: ['make', 'make'],
    });
  });
});

describe('a run of vitest', () => {
  const commands = [{name: 'vitest', status: 0, lastLine: ''}];

  test('counts its tests by status', () => {
    const report = {
      testResults: [
        file('passed', [
          {status: 'passed', fullName: 'a'},
          {status: 'pending', fullName: 'b'},
          {status: 'failed', fullName: 'c'},
          {status: 'todo', fullName: 'd'},
        ]),
      ],
    };
    expect(countRun(tests, {commands, report})).toEqual({
      passed: 1,
      failed: ['c'],
      skipped: ['b', 'd'],
    });
  });

  test('counts a file that cannot be loaded as a failure', () => {
    const report = {testResults: [file('failed', [])]};
    expect(countRun(tests, {commands, report}).failed).toEqual(['a.test.ts: x']);
  });

  test('has failed when it broke, though no test did', () => {
    const broken = [{name: 'vitest', status: 137, lastLine: ''}];
    const report = {testResults: [file('passed', [{status: 'passed', fullName: 'a'}])]};
    expect(countRun(tests, {commands: broken, report}).failed).toEqual(['unit as a whole']);
    expect(countRun(tests, {commands: broken}).failed).toEqual(['unit as a whole']);
  });
});

test('a suite that cannot run here is a skip with its reason', () => {
  expect(countUnrunnable(tests, 'needs root').skipped).toEqual(['unit as a whole (needs root)']);
});
