import {setTimeout as sleep} from 'node:timers/promises';

/** Waits until it holds. @throws {Error} when it never does */
export async function until(holds: () => boolean, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${holds}`);
    await sleep(20);
  }
}
