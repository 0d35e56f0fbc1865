import type {Machine} from '../architectures.ts';
import type {Filter} from './filter.ts';

/** Keeps programs that took time to compile. */
export interface ProgramCache {
  /** The program that was kept under just this key. */
  readonly get: (key: string) => Uint8Array | undefined;
  readonly put: (key: string, program: Uint8Array) => void;
}

/** Counts up whenever a filter may become another program than before: a test says when. */
export const compilerVersion = 1;

/** Everything that a filter's program depends on; undefined for a filter that JSON cannot hold. */
export function programKey(filter: Filter, machine: Machine): string | undefined {
  const {defaultAction, defaultErrnoRet, architectures, syscalls} = filter;
  try {
    return JSON.stringify([
      compilerVersion,
      machine,
      {defaultAction, defaultErrnoRet, architectures, syscalls},
    ]);
  } catch {
    return undefined;
  }
}
