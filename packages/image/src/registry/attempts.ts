import {pause, pauseBeforeRetry, type RetryPolicy} from './retry.ts';
import {TransientFailure} from './transient-failure.ts';

/** Does something until it succeeds, fails for good, or has failed too often. */
export async function withRetries<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      await pauseAfter(error, failures, policy, signal);
    }
  }
}

/**
 * Waits before the next attempt.
 *
 * @param failures in a row, this one included
 * @throws what failed, when that will not pass or has been tried often enough
 */
export async function pauseAfter(
  error: unknown,
  failures: number,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  if (!(error instanceof TransientFailure)) throw error;
  const milliseconds = pauseBeforeRetry(policy, failures, error.retryAfterMs);
  if (milliseconds === undefined) throw error;
  await pause(milliseconds, signal);
}
