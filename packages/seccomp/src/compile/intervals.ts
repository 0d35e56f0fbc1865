import {x32Bit} from '../numbers/table.ts';
import {killThread, notImplemented} from './action.ts';
import type {Decision, Decisions} from './decisions.ts';

/** Holds from its number to the next interval's. */
export interface Interval {
  readonly start: number;
  readonly decision: Decision;
}

/** What is answered to numbers that no rule names. */
export interface Background {
  readonly otherwise: number;
  /** Whether numbers above the largest named one are unknown calls, ENOSYS. */
  readonly hideNewCalls: boolean;
}

/** All numbers of 32 bits in order, for an architecture that the kernel reports by itself. */
export function intervals(decisions: Decisions, background: Background): Interval[] {
  const {otherwise} = background;
  const edges: Interval[] = [{start: 0, decision: otherwise}];
  if (decisions.last !== undefined) {
    edges.push({start: decisions.last + 1, decision: beyond(decisions, background)});
  }
  return merge(decisions.byNumber, edges);
}

/**
 * The same for x86_64, which reports x32's calls as its own, with a bit in the number.
 *
 * @param x32 undefined where the filter is not for it: then its calls are those of no architecture
 */
export function x86Intervals(
  x86_64: Decisions,
  x32: Decisions | undefined,
  background: Background,
): Interval[] {
  const {otherwise} = background;
  const new64 = beyond(x86_64, background);
  const newX32 = x32 ? beyond(x32, background) : killThread;
  const edges: Interval[] = [{start: 0, decision: otherwise}];
  if (x86_64.last !== undefined) edges.push({start: x86_64.last + 1, decision: new64});
  edges.push({start: x32Bit, decision: x32 ? otherwise : killThread});
  if (x32?.last !== undefined) edges.push({start: x32.last + 1, decision: newX32});
  edges.push({start: 2 * x32Bit, decision: new64});
  edges.push({start: 3 * x32Bit, decision: newX32});
  // -1 is how a tracer skips a call: nobody is killed for it (seccomp(2)).
  edges.push({start: 0xffff_ffff, decision: x32 ? newX32 : otherwise});
  return merge(new Map([...x86_64.byNumber, ...(x32?.byNumber ?? [])]), edges);
}

function beyond({last}: Decisions, {otherwise, hideNewCalls}: Background): number {
  return hideNewCalls && last !== undefined ? notImplemented : otherwise;
}

/** The named numbers laid over what lies between the edges; neighbours alike become one. */
function merge(named: ReadonlyMap<number, Decision>, edges: readonly Interval[]): Interval[] {
  const starts = new Map<number, Decision>();
  for (const {start, decision} of edges) starts.set(start, decision);
  for (const number of named.keys()) {
    const next = number + 1;
    if (!named.has(next) && !starts.has(next)) starts.set(next, edgeAt(edges, next));
  }
  for (const [number, decision] of named) starts.set(number, decision);

  const merged: Interval[] = [];
  for (const start of Uint32Array.from(starts.keys()).sort()) {
    const decision = starts.get(start);
    if (decision === undefined || decision === merged.at(-1)?.decision) continue;
    merged.push({start, decision});
  }
  return merged;
}

function edgeAt(edges: readonly Interval[], number: number): Decision {
  return edges.findLast(({start}) => start <= number)?.decision ?? killThread;
}
