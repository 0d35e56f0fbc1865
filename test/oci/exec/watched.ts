import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

/** `Name: value` of a process's status. */
export function statusOf(pid: number, name: string): string | undefined {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1];
}

export function isThere(pid: number): boolean {
  try {
    return statusOf(pid, 'State')?.startsWith('Z') === false;
  } catch {
    return false;
  }
}

/** Waits until it holds. @throws {Error} when it never does */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${holds}`);
    await sleep(20);
  }
}
