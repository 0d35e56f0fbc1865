import {setTimeout as sleep} from 'node:timers/promises';

/** How often, and after which pauses, a request is sent again. */
export interface RetryPolicy {
  /** Failures in a row, without progress between them, that end it. */
  readonly attempts: number;
  /** The first pause; each further one is twice as long. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** A registry that asks for more patience (`Retry-After`) is told of, not waited for. */
  readonly longestRetryAfterMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  firstPauseMs: 500,
  longestPauseMs: 15_000,
  longestRetryAfterMs: 60_000,
};

/** Answers that may be better next time. */
export function isWorthRetrying(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/**
 * Milliseconds until the next attempt: what the registry asks for, else exponential with jitter, so
 * that many clients that were cut off at once do not come back at once.
 *
 * @param failures so far in a row, from 1
 * @param random from 0 to 1
 * @returns undefined when it is not to be tried again
 */
export function pauseBeforeRetry(
  policy: RetryPolicy,
  failures: number,
  retryAfterMs: number | undefined,
  random: number = Math.random(),
): number | undefined {
  if (failures >= policy.attempts) return undefined;
  const exponential = Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (failures - 1));
  const jittered = exponential * (0.5 + random / 2);
  if (retryAfterMs === undefined) return jittered;
  return retryAfterMs > policy.longestRetryAfterMs ? undefined : Math.max(retryAfterMs, jittered);
}

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @returns milliseconds from `now`, not negative; undefined when there is none that can be read
 * @see RFC 9110, 10.2.3
 */
export function parseRetryAfter(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const value = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  // Only what looks like a date: Date.parse() takes a number such as -5 for a month.
  const date = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Waits; an abort ends it with the signal's reason. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : {signal});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
