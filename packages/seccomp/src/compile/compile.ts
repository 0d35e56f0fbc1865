import type {Machine} from '../architectures.ts';
import {readyProgram} from '../ready/program.ts';
import {assembleFilter} from './assemble.ts';
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
  {architecture: machine}: {readonly architecture: Machine},
): SeccompProgram {
  const listener = seccomp.syscalls?.some(({action}) => action === 'SCMP_ACT_NOTIFY') ?? false;
  return {
    program: readyProgram(seccomp, machine) ?? assembleFilter(seccomp, machine),
    flags: seccompFlags(seccomp.flags ?? [], listener),
    listener,
  };
}
