import {compareArguments} from './arguments.ts';
import type {Assembler, Target} from './assembler.ts';
import type {Decision} from './decisions.ts';
import type {Interval} from './intervals.ts';

const offsetOfNumber = 0;

/** Finds the interval of the call's number by halving, in as many steps as log2 of their count. */
export function searchTree(assembler: Assembler, intervals: readonly Interval[]): Target {
  const leaves = new Map<Decision, Target>();
  const leaf = (decision: Decision): Target => {
    if (typeof decision === 'number') return {kind: 'return', value: decision};
    const target = leaves.get(decision) ?? compareArguments(assembler, decision);
    leaves.set(decision, target);
    return target;
  };
  const search = (from: number, to: number): Target => {
    const [first, second, third] = intervals.slice(from, Math.min(to, from + 3));
    if (first === undefined) throw new RangeError('no interval to search');
    if (second === undefined) return leaf(first.decision);
    if (to - from === 3 && isException(first, second, third)) {
      return assembler.jump('equal', second.start, leaf(second.decision), leaf(first.decision));
    }
    const middle = (from + to) >> 1;
    const upper = search(middle, to);
    const lower = search(from, middle);
    return assembler.jump('greaterOrEqual', intervals[middle]?.start ?? 0, upper, lower);
  };
  const found = search(0, intervals.length);
  return found.kind === 'return' ? found : assembler.load(offsetOfNumber);
}

/** Whether one number differs from what lies around it: that is one comparison. */
function isException(before: Interval, one: Interval, after: Interval | undefined): boolean {
  return after?.start === one.start + 1 && after.decision === before.decision;
}
