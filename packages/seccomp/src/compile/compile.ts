import type {Machine} from '../architectures.ts';
import {readyProgram} from '../ready/program.ts';
import {assembleFilter} from './assemble.ts';
import {type ProgramCache, programKey} from './cache.ts';
import type {Filter} from './filter.ts';
import {seccompFlags} from './flags.ts';

/** A filter as the kernel takes it. @see seccomp(2) */
export interface SeccompProgram {
  /** `struct sock_filter` after `struct sock_filter`, 8 bytes each, little-endian. */
  readonly program: Uint8Array;
  /** For `SECCOMP_SET_MODE_FILTER`; with `SECCOMP_FILTER_FLAG_NEW_LISTENER` where `listener` says so. */
  readonly flags: number;
  /** Whether a rule notifies: loading it then makes a descriptor, for whoever is to answer. */
  readonly listener: boolean;
}

/** What a filter is compiled for. */
export interface CompileTarget {
  readonly architecture: Machine;
  /** Where programs are kept that are not ready beforehand; unless said, nowhere. */
  readonly cache?: ProgramCache;
}

/**
 * Compiles a filter for one machine, to the decisions that libseccomp and runc come to.
 *
 * The machine's own architecture is always judged; of `architectures` those that its kernel also
 * runs. A call of any other is the end of its thread. Names that none of them has mean nothing.
 *
 * @throws {MinicontainerError} `ESECCOMP`, with the place in the filter as a JSON pointer
 */
export function compileSeccomp(
  seccomp: Filter,
  {architecture: machine, cache}: CompileTarget,
): SeccompProgram {
  const listener = seccomp.syscalls?.some(({action}) => action === 'SCMP_ACT_NOTIFY') ?? false;
  return {
    program: readyProgram(seccomp, machine) ?? keptProgram(seccomp, machine, cache),
    flags: seccompFlags(seccomp.flags ?? [], listener),
    listener,
  };
}

function keptProgram(filter: Filter, machine: Machine, cache?: ProgramCache): Uint8Array {
  const key = cache && programKey(filter, machine);
  if (key === undefined) return assembleFilter(filter, machine);
  const kept = cache?.get(key);
  if (kept !== undefined) return kept;
  const program = assembleFilter(filter, machine);
  cache?.put(key, program);
  return program;
}
