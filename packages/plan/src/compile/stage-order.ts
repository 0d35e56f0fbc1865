import type {Operation} from '../plan.ts';
import {stages} from '../stages.ts';

/** Sorted by their stages; within a stage their order holds. */
export function inStageOrder(operations: readonly Operation[]): readonly Operation[] {
  return [...operations].sort((a, b) => stages[a.stage].number - stages[b.stage].number);
}
