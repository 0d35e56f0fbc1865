import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Call} from './calls.ts';
import {Strace, until, untilStopped} from './strace.ts';

/** Its number on x86-64, as proc_pid_syscall(5) has it. */
const recvfrom = '45 ';
/** Longer than any strace takes to be put on a process. */
const holdMicroseconds = 10_000_000;

/** A system call that fails, in one process of a run. */
export interface Injection {
  /** Named as strace counts: the n-th of its name in its process. */
  readonly name: string;
  readonly nth: number;
  readonly errno: string;
  /**
   * Which processes strace is on, since it counts in each by itself: the supervisor alone, all of them, or
   * keeper and container, from the keeper's birth on or from when it has said that it is ready.
   */
  readonly scope: 'supervisor' | 'all' | 'born' | 'ready';
}

/** The injections that hit this call and no earlier one of another process; the quickest first. */
export function injectionsAt(call: Call, baseline: readonly Call[], errno: string): Injection[] {
  const {name, nth, process} = call;
  if (process === 'other') return [];
  if (process === 'supervisor') return [{name, nth, errno, scope: 'supervisor'}];
  const inside = baseline.filter((other) => ['keeper', 'container'].includes(other.process));
  const since = sinceReady(inside);
  const ready = recount(since);
  // By its place: two calls of a process may well look the same.
  const again = ready[since.indexOf(call)];
  return [
    ...(collides(call, baseline) ? [] : [{name, nth, errno, scope: 'all' as const}]),
    ...(collides(call, inside) ? [] : [{name, nth, errno, scope: 'born' as const}]),
    ...(again === undefined || collides(again, ready)
      ? []
      : [{name, nth: again.nth, errno, scope: 'ready' as const}]),
  ];
}

/** Whether another process makes as many calls of that name before this one, or afterwards to clean up. */
function collides(call: Call, baseline: readonly Call[]): boolean {
  const at = baseline.indexOf(call);
  return baseline.some(
    (other, index) =>
      other.name === call.name &&
      other.nth === call.nth &&
      other.pid !== call.pid &&
      (index < at || (other.process !== 'container' && cleaning.includes(other.name))),
  );
}

/** What the supervisor and the keeper still have to do when the container has failed. */
const cleaning: readonly string[] = [
  'poll',
  'recvfrom',
  'open',
  'openat',
  'unlink',
  'unlinkat',
  'rmdir',
  'fstat',
  'newfstatat',
];

/** What the keeper does after its message, and the container from the call on that it then waits in. */
function sinceReady(inside: readonly Call[]): Call[] {
  const told = inside.findIndex(({process, name}) => process === 'keeper' && name === 'sendto');
  const waits = inside.findIndex(
    ({process, name}) => process === 'container' && name === 'recvfrom',
  );
  return inside.filter(({process}, index) =>
    process === 'container' ? index >= waits : index > told,
  );
}

function recount(calls: readonly Call[]): Call[] {
  const counts = new Map<string, number>();
  return calls.map((call) => {
    const nth = (counts.get(`${call.pid} ${call.name}`) ?? 0) + 1;
    counts.set(`${call.pid} ${call.name}`, nth);
    return {...call, nth};
  });
}

/** Puts strace on a supervisor-to-be that has stopped itself, and lets it go on. */
export async function applyTo(
  pid: number,
  injections: readonly Injection[],
  directory: string,
): Promise<Strace> {
  await untilStopped(pid);
  const log = join(directory, `strace-${pid}.log`);
  const scope = injections[0]?.scope ?? 'all';
  const expressions = injections.map(
    ({name, nth, errno}) => `inject=${name}:error=${errno}:when=${nth}`,
  );
  if (scope === 'born') return await fromBirth(pid, log, expressions);
  if (scope === 'ready') return await fromReadiness(pid, log, expressions);
  const strace = await Strace.attach(pid, log, expressions, scope === 'all');
  process.kill(pid, 'SIGCONT');
  return strace;
}

/** Another strace holds the supervisor where it would let the keeper go on, which waits for that. */
async function fromBirth(pid: number, log: string, expressions: readonly string[]) {
  const hold = [`inject=sendto:delay_enter=${holdMicroseconds}:when=1`];
  const holder = await Strace.attach(pid, `${log}-hold`, hold, false);
  process.kill(pid, 'SIGCONT');
  await until(() => childOf(pid) !== undefined);
  const keeper = childOf(pid) ?? 0;
  // So that strace sees it begin to wait, not only wake up.
  process.kill(keeper, 'SIGSTOP');
  await untilStopped(keeper);
  const strace = await Strace.attach(keeper, log, expressions, true);
  process.kill(keeper, 'SIGCONT');
  await holder.detach();
  return strace;
}

/**
 * Another strace stops both when they have sent each other their first message; the container is there by
 * then, and waits for the supervisor.
 */
async function fromReadiness(pid: number, log: string, expressions: readonly string[]) {
  const stop = ['trace=sendto', 'inject=sendto:signal=SIGSTOP:when=1'];
  const stopper = await Strace.attach(pid, `${log}-stop`, stop, true);
  process.kill(pid, 'SIGCONT');
  await until(() => stoppedIn(`${log}-stop`).size === 2);
  const keeper = childOf(pid) ?? 0;
  const container = childOf(keeper) ?? 0;
  // Where it waits for the supervisor: what it has done before is not counted.
  await until(() => readFileSync(`/proc/${container}/syscall`, 'utf8').startsWith(recvfrom));
  process.kill(container, 'SIGSTOP');
  await until(() => stoppedIn(`${log}-stop`).has(String(container)));
  const all = [pid, keeper, container];
  // Once more, since who was stopped under strace may run when it is gone.
  for (const one of all) process.kill(one, 'SIGSTOP');
  await stopper.detach();
  await Promise.all(all.map(untilStopped));
  const strace = await Strace.attach([keeper, container], log, expressions, true);
  for (const one of all) process.kill(one, 'SIGCONT');
  return strace;
}

function childOf(pid: number): number | undefined {
  const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return child === '' ? undefined : Number(child);
}

/** Who stands still since the first call; before that the supervisor had stopped itself. */
function stoppedIn(log: string): ReadonlySet<string | undefined> {
  const [, ...rest] = readFileSync(log, 'utf8').split('sendto(');
  const stops = rest.join().matchAll(/^(\d+) +--- stopped by SIGSTOP ---$/gm);
  return new Set([...stops].map(([, pid]) => pid));
}
