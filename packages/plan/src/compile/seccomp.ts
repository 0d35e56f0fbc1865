import {MinicontainerError} from '@minicontainer/errors';
import {compileSeccomp, type ProgramCache} from '@minicontainer/seccomp';
import type {Process, Seccomp, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';

/** Where a filter can be loaded: with capabilities, or last where none are needed for it. */
export interface SeccompOperations {
  /** Before CAP_SYS_ADMIN is given up. */
  readonly privileged: readonly Operation[];
  /** After everything else, so that the filter need not allow what we still do. */
  readonly last: readonly Operation[];
}

/**
 * The filter of system calls that a spec asks for, in its place.
 *
 * @throws {MinicontainerError} `ESECCOMP` for a filter that cannot be compiled for this machine
 * @see seccomp(2): CAP_SYS_ADMIN, or no_new_privs
 */
export function compileSeccompFilter(
  spec: Spec,
  process: Process,
  host: HostFacts,
  programs?: ProgramCache,
): SeccompOperations {
  const filter = spec.linux?.seccomp;
  if (filter === undefined) return {privileged: [], last: []};
  return process.noNewPrivileges
    ? {privileged: [], last: [load('exec', filter, host, programs)]}
    : {privileged: [load('confine', filter, host, programs)], last: []};
}

function load(
  stage: 'confine' | 'exec',
  filter: Seccomp,
  {machine}: HostFacts,
  cache?: ProgramCache,
): Operation {
  if (machine === undefined) {
    throw new MinicontainerError('ESECCOMP', "this machine's system calls are not known", {
      hint: 'run without a filter: --security-opt seccomp=unconfined',
    });
  }
  const {program, flags, listener} = compileSeccomp(filter, {
    architecture: machine,
    ...(cache && {cache}),
  });
  return operation(
    stage,
    'loadSeccomp',
    {program: toWords(program), flags: BigInt(flags)},
    listener
      ? 'who answers has its descriptor before the container goes on'
      : 'what a container never needs, a hole in the kernel cannot be reached through',
  );
}

function toWords(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({length: bytes.byteLength / 4}, (_, index) => view.getUint32(index * 4, true));
}
