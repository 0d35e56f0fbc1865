import type {constants} from 'node:os';
import type {Arguments} from './arguments.ts';
import type {OperationName} from './operations.ts';
import type {Stage} from './stages.ts';

interface Placed<N extends OperationName> {
  readonly op: N;
  readonly stage: Stage;
  readonly args: Arguments<N>;
  /** Why this container needs it, for `explain` and for error messages. */
  readonly why: string;
  /** Errno names that do not end the run. */
  readonly optional?: readonly ErrnoName[];
  /** How many of the operations that follow run only when this one met an `optional` errno. */
  readonly else?: number;
}

/** One primitive step of a plan. */
export type Operation = {[N in OperationName]: Placed<N>}[OperationName];

/** What nsexec is given: every step that makes, runs and ends one container, in order. */
export interface Plan {
  readonly operations: readonly Operation[];
  /**
   * Whether nsexec runs from a sealed copy of itself, because something in the container could
   * otherwise write its file (CVE-2019-5736).
   */
  readonly seal: boolean;
  /** What protects containers of this kind but not this one, or was asked for and is not there: a sentence each. */
  readonly omitted?: readonly string[];
}

export type ErrnoName = keyof typeof constants.errno;

/** An operation in its place; the compiler checks its arguments against the table. */
export function operation<N extends OperationName>(
  stage: Stage,
  op: N,
  args: Arguments<N>,
  why: string,
  fallback: {optional?: readonly ErrnoName[]; else?: number} = {},
): Operation {
  return {op, stage, args, why, ...fallback} as Placed<OperationName> as Operation;
}
