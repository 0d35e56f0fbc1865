import {MinicontainerError} from '@minicontainer/errors';
import type {SeccompFlag} from '@minicontainer/spec';

const newListener = 1 << 3;

// What seccomp(2) takes with SECCOMP_SET_MODE_FILTER.
const flagBits = {
  // The one thread that loads the filter has no others to be told of it.
  SECCOMP_FILTER_FLAG_TSYNC: 0,
  SECCOMP_FILTER_FLAG_LOG: 1 << 1,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: 1 << 2,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: 1 << 5,
} satisfies Record<SeccompFlag, number>;

/**
 * The flags to load a filter with; with a listener, the one that makes its descriptor.
 *
 * @throws {MinicontainerError} `ESECCOMP` on an unknown one
 */
export function seccompFlags(flags: readonly SeccompFlag[], listener: boolean): number {
  const initial = listener ? newListener : 0;
  return flags.reduce((bits, flag, index) => bits | bitOf(flag, index, listener), initial);
}

function bitOf(flag: SeccompFlag, index: number, listener: boolean): number {
  const bit: number | undefined = flagBits[flag];
  if (bit === undefined) {
    throw new MinicontainerError('ESECCOMP', `seccomp: /flags/${index}: unknown flag ${flag}`);
  }
  // The kernel refuses it, EINVAL, where nobody listens.
  return flag === 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV' && !listener ? 0 : bit;
}
