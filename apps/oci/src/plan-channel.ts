import {writeSync} from 'node:fs';

let prepare = (): void => {};

/** What this process has to do before it may be ended. */
export function beforeHandOver(task: () => void): void {
  prepare = task;
}

/**
 * Tells the native program, our parent, where the plan is. It performs it, and ends this process: nothing
 * that follows is sure to be done.
 */
export function handOver(planPath: string): number {
  prepare();
  const channel = Number(process.env.MINICONTAINER_PLAN_FD);
  writeSync(channel, `${planPath}\0`);
  return 0;
}
