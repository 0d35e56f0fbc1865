import {readdirSync, readFileSync} from 'node:fs';

/** One process, as far as it matters for whose it is. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly state: string;
  /** In clock ticks since boot: with the pid, its identity. */
  readonly started: string;
}

export type Processes = ReadonlyMap<number, Process>;

/** All that run now. */
export function readProcesses(): Processes {
  const processes = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    const process = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    if (process !== undefined) processes.set(process.pid, process);
  }
  return processes;
}

/** New processes that come from the test: below it, in its house, or in a pid namespace that nobody watches. */
export function newProcesses(before: Processes, house: string): Process[] {
  const now = readProcesses();
  const ours = ancestorsOf(process.pid, now);
  return [...now.values()].filter(
    (candidate) =>
      candidate.state !== 'Z' &&
      before.get(candidate.pid)?.started !== candidate.started &&
      (isBelow(candidate, process.pid, now) ||
        environmentHas(candidate.pid, house) ||
        isUnwatched(candidate, ours, now)),
  );
}

/** Parents, theirs, and so on, up to the first process of all. */
function ancestorsOf(pid: number, processes: Processes): Set<number> {
  const ancestors = new Set([1]);
  for (let at = processes.get(pid)?.parent; at; at = processes.get(at)?.parent) ancestors.add(at);
  return ancestors;
}

function isBelow(candidate: Process, pid: number, processes: Processes): boolean {
  for (let at = processes.get(candidate.parent); at; at = processes.get(at.parent)) {
    if (at.pid === pid) return true;
  }
  return false;
}

/** Only of our own, or for root. The supervisor and the keeper have the environment of their caller. */
function environmentHas(pid: number, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(text);
  } catch {
    return false;
  }
}

/**
 * In a container whose engine is gone: the first process outside of it is one that takes in orphans,
 * which are the first of all and those above the test. A container of somebody else's has its engine there.
 */
function isUnwatched(candidate: Process, takers: Set<number>, processes: Processes): boolean {
  let at: Process | undefined = candidate;
  if (!isEngineOrBelow(at)) return false;
  while (at !== undefined && isEngineOrBelow(at)) at = processes.get(at.parent);
  return at === undefined || takers.has(at.pid);
}

/** In a pid namespace below ours, where it has one more number, or our program itself. */
function isEngineOrBelow({pid, command}: Process): boolean {
  if (command === 'nsexec') return true;
  try {
    return /^NSpid:\t\d+\t/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command stands in parentheses and may hold some itself (proc_pid_stat(5)).
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    return {
      pid,
      parent: Number(fields[1]),
      command: stat.slice(stat.indexOf('(') + 1, end),
      state: fields[0] ?? '',
      started: fields[19] ?? '',
    };
  } catch {
    return undefined;
  }
}
