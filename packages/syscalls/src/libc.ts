import {SyscallError} from './error.ts';
import {koffi} from './koffi.ts';

type CType = 'int' | 'uint' | 'long' | 'ulong' | 'str' | 'const char **' | 'void *';

/**
 * A function of the libc that this process runs on, bound at its first call.
 *
 * Variadic functions (fcntl, syscall) are bound with the types of one use: on x86-64 and arm64
 * integers and pointers of variadic calls travel as those of others do.
 */
export function libcFunction<Arguments extends readonly unknown[]>(
  name: string,
  result: 'int' | 'long',
  parameters: readonly CType[],
): (...values: Arguments) => number {
  let bound: ((...values: Arguments) => number) | undefined;
  return (...values) => {
    bound ??= bind(name, result, parameters);
    return bound(...values);
  };
}

function bind(name: string, result: string, parameters: readonly CType[]) {
  return koffi()
    .load(null)
    .func(name, result, [...parameters]);
}

/** Throws what errno says when a call returned -1; otherwise hands its result on. */
export function checked(result: number, syscall: string, target?: string): number {
  if (result === -1) throw new SyscallError(syscall, koffi().errno(), target);
  return result;
}

/** C strings end at their first NUL: what has one inside would silently be cut. */
export function rejectNul(value: string, syscall: string, target: string): void {
  if (value.includes('\0')) throw new SyscallError(syscall, EINVAL, target);
}

const EINVAL = 22;
