import {setTimeout as sleep} from 'node:timers/promises';
import {type Process, type Processes, readProcesses} from './leftovers/processes.ts';

/** The processes of one container. */
export interface Family {
  /** Child of the supervisor. */
  readonly keeper: Process | undefined;
  /** Child of the keeper: pid 1 inside. */
  readonly init: Process | undefined;
  /** Keeper, init, and all below. */
  readonly all: readonly Process[];
}

/** Whoever lives below a supervisor. */
export function familyOf(supervisor: number): Family {
  const processes = readProcesses();
  const all = below(supervisor, processes);
  const keeper = all.find(({parent}) => parent === supervisor);
  return {keeper, init: all.find(({parent}) => parent === keeper?.pid), all};
}

/** By SIGKILL. A signal to pid 0 would be one to ourselves. */
export function kill(victim: Process | undefined): void {
  if (victim === undefined) throw new Error('there is no such process to kill');
  process.kill(victim.pid, 'SIGKILL');
}

/** Waits for processes to end, orphans too; those that have not. */
export async function survivors(processes: readonly Process[], timeoutMs: number) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const now = readProcesses();
    const alive = processes.filter(({pid, started}) => {
      const same = now.get(pid);
      return same?.started === started && same.state !== 'Z';
    });
    if (alive.length === 0 || performance.now() > deadline) return alive;
    await sleep(10);
  }
}

function below(pid: number, processes: Processes): Process[] {
  return [...processes.values()]
    .filter(({parent}) => parent === pid)
    .flatMap((child) => [child, ...below(child.pid, processes)]);
}
