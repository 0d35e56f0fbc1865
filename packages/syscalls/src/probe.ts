import {errnoNumber} from './errno.ts';
import {koffi} from './koffi.ts';
import {libcFunction} from './libc.ts';

/** Calls that can be asked for without effect; numbers from 424 on are the same on all machines. */
const harmless = {
  open_tree: {number: 428, arguments: [-1, 0, -1, 0]},
  pidfd_open: {number: 434, arguments: [-1, 0, 0, 0]},
  clone3: {number: 435, arguments: [0, 0, 0, 0]},
  close_range: {number: 436, arguments: [2, 1, 0, 0]},
  openat2: {number: 437, arguments: [-1, 0, 0, 0]},
  mount_setattr: {number: 442, arguments: [-1, 0, 0, 0]},
} as const;

export type ProbedCall = keyof typeof harmless;

const libcSyscall = libcFunction<
  [number: number, first: number, second: number, third: number, fourth: number, fifth: number]
>('syscall', 'long', ['long', 'long', 'long', 'long', 'long', 'long']);

/**
 * Whether this process has a system call, asked with arguments that no kernel takes: `forbidden` where a
 * filter of system calls answers in the kernel's place.
 */
export function probeSystemCall(name: ProbedCall): 'there' | 'missing' | 'forbidden' {
  const {number, arguments: given} = harmless[name];
  const [first, second, third, fourth] = given;
  if (libcSyscall(number, first, second, third, fourth, 0) !== -1) return 'there';
  const errno = koffi().errno();
  if (errno === errnoNumber('ENOSYS')) return 'missing';
  return errno === errnoNumber('EPERM') ? 'forbidden' : 'there';
}
