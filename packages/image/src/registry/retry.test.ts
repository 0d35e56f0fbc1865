import {describe, expect, it} from 'vitest';
import {
  defaultRetryPolicy,
  isWorthRetrying,
  parseRetryAfter,
  pause,
  pauseBeforeRetry,
} from './retry.ts';

const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

describe('parseRetryAfter', () => {
  it.each([
    ['3', 3000],
    [' 120 ', 120_000],
    ['0', 0],
    ['Wed, 21 Oct 2026 07:28:05 GMT', 5000],
    ['Wednesday, 21-Oct-26 07:28:05 GMT', 5000],
    ['Wed Oct 21 07:28:05 2026 GMT', 5000],
    ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['99999999999999999999', undefined],
    [undefined, undefined],
  ])('reads %j as %j milliseconds', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe('pauseBeforeRetry', () => {
  const policy = defaultRetryPolicy;

  it('doubles from attempt to attempt, with jitter that halves it at most', () => {
    expect(
      [1, 2, 3, 4].map((failures) => pauseBeforeRetry(policy, failures, undefined, 1)),
    ).toEqual([500, 1000, 2000, 4000]);
    expect(pauseBeforeRetry(policy, 3, undefined, 0)).toBe(1000);
  });

  it('ends after the last attempt', () => {
    expect(pauseBeforeRetry(policy, 5, undefined)).toBeUndefined();
    expect(pauseBeforeRetry(policy, 5, 1000)).toBeUndefined();
  });

  it('waits as long as the registry asks for, and gives up when that is too long', () => {
    expect(pauseBeforeRetry(policy, 1, 7000)).toBe(7000);
    expect(pauseBeforeRetry(policy, 1, 0, 1)).toBe(500);
    expect(pauseBeforeRetry(policy, 1, 3_600_000)).toBeUndefined();
  });

  it('never waits longer than its longest pause', () => {
    expect(pauseBeforeRetry({...policy, attempts: 100}, 50, undefined, 1)).toBe(15_000);
  });
});

describe('isWorthRetrying', () => {
  it('tells what passes from what stays', () => {
    expect([408, 429, 500, 502, 503, 504].every(isWorthRetrying)).toBe(true);
    expect([200, 206, 400, 401, 403, 404, 416, 501].some(isWorthRetrying)).toBe(false);
  });
});

describe('pause', () => {
  it('ends with the reason of an abort', async () => {
    const controller = new AbortController();
    const waiting = pause(60_000, controller.signal);
    controller.abort(new Error('Ctrl-C'));
    await expect(waiting).rejects.toThrow('Ctrl-C');
    await expect(pause(1, controller.signal)).rejects.toThrow('Ctrl-C');
  });
});
