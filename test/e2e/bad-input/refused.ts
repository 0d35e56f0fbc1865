import {expect} from 'vitest';
import type {Result} from '../harness/run.ts';

/**
 * What a person gets for bad input: one line that says what is wrong and nothing on stdout. A hint is
 * one more line.
 */
export function expectRefused(result: Result, message: RegExp, code = 125): void {
  const {status, stdout, stderr} = result;
  const lines = stderr.split('\n');
  expect({status, stdout, end: lines.at(-1)}, stderr).toEqual({status: code, stdout: '', end: ''});
  expect(lines[0]).toMatch(/^minicontainer: /);
  expect(lines[0]?.slice('minicontainer: '.length)).toMatch(message);
  expect(lines.length, stderr).toBeLessThanOrEqual(3);
  if (lines.length === 3) expect(lines[1]).toMatch(/^hint: ./);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|undefined|\[object|internal error/);
}
