import {MinicontainerError} from '@minicontainer/errors';
import type {SeccompAction} from '@minicontainer/spec';

const EPERM = 1;
const ENOSYS = 38;
// linux/err.h: the kernel makes anything above it this.
const largestErrno = 4095;

const returnValues = {
  SCMP_ACT_KILL: 0x0000_0000,
  SCMP_ACT_KILL_THREAD: 0x0000_0000,
  SCMP_ACT_KILL_PROCESS: 0x8000_0000,
  SCMP_ACT_TRAP: 0x0003_0000,
  SCMP_ACT_ERRNO: 0x0005_0000,
  SCMP_ACT_NOTIFY: 0x7fc0_0000,
  SCMP_ACT_TRACE: 0x7ff0_0000,
  SCMP_ACT_LOG: 0x7ffc_0000,
  SCMP_ACT_ALLOW: 0x7fff_0000,
} satisfies Record<SeccompAction, number>;

/** What libseccomp's filters, and so Docker's, do about an architecture that they do not name. */
export const killThread = returnValues.SCMP_ACT_KILL_THREAD;

/** "This kernel has no such call": what makes a C library fall back to an older one. */
export const notImplemented = returnValues.SCMP_ACT_ERRNO | ENOSYS;

/**
 * What the program returns for an action; `errno` is for ERRNO and TRACE.
 *
 * @param place where it stands, as a JSON pointer
 * @throws {MinicontainerError} `ESECCOMP`
 * @see seccomp(2), "Return values"
 */
export function returnValue(
  action: SeccompAction,
  errno: number | undefined,
  place: string,
): number {
  const value: number | undefined = returnValues[action];
  if (value === undefined) {
    throw new MinicontainerError('ESECCOMP', `seccomp: ${place}: unknown action ${action}`);
  }
  if (action === 'SCMP_ACT_ERRNO') return value | data(errno, largestErrno, place);
  if (action === 'SCMP_ACT_TRACE') return value | data(errno, 0xffff, place);
  return value;
}

function data(number: number | undefined, largest: number, place: string): number {
  if (number === undefined) return EPERM;
  if (Number.isInteger(number) && number >= 0 && number <= largest) return number;
  throw new MinicontainerError(
    'ESECCOMP',
    `seccomp: ${place}: expected a number from 0 to ${largest}, found ${number}`,
  );
}

/**
 * Whether what no rule names shall be answered with ENOSYS where it is newer than the profile.
 *
 * Not where it is let through anyway; a tracer answers for itself. As runc has it.
 */
export function hidesNewCalls(defaultAction: SeccompAction): boolean {
  return (
    defaultAction !== 'SCMP_ACT_ALLOW' &&
    defaultAction !== 'SCMP_ACT_LOG' &&
    defaultAction !== 'SCMP_ACT_TRACE'
  );
}
