import {clearCloseOnExec} from './descriptors.ts';
import {SyscallError} from './error.ts';
import {checked, libcFunction, rejectNul} from './libc.ts';

const libcExecve = libcFunction<
  [path: string, argv: readonly (string | null)[], env: readonly (string | null)[]]
>('execve', 'int', ['str', 'const char **', 'const char **']);

/**
 * Replaces this process, Node and all, with another program; pid, stdio and children stay.
 *
 * What the program inherits: stdin, stdout and stderr, other descriptors only after
 * `clearCloseOnExec`, ignored signals (Node ignores SIGPIPE and SIGXFSZ), the raised limit of open
 * files, and O_NONBLOCK where Node set it on stdio.
 *
 * @param argv argv[0] included
 * @throws {SyscallError} when the kernel refuses; this process then goes on as it was
 * @see execve(2)
 */
export function execve(
  path: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): never {
  const variables = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  for (const value of [path, ...argv, ...variables]) rejectNul(value, 'execve', path);
  for (const fd of [0, 1, 2]) keepStandardStream(fd);
  checked(libcExecve(path, [...argv, null], [...variables, null]), 'execve', path);
  throw new Error('execve returned without an error');
}

// Node marks what it inherited close-on-exec when it starts (uv_disable_stdio_inheritance).
function keepStandardStream(fd: number): void {
  try {
    clearCloseOnExec(fd);
  } catch (error) {
    if (!(error instanceof SyscallError && error.errnoName === 'EBADF')) throw error;
  }
}

const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;

const libcPidfdOpen = libcFunction<[number: number, pid: number, flags: number]>(
  'syscall',
  'long',
  ['long', 'int', 'uint'],
);

/**
 * A descriptor of a process, which keeps meaning that process when its pid is used again.
 *
 * Close it with `fs.closeSync`.
 *
 * @throws {SyscallError} `ESRCH` when there is no such process
 * @see pidfd_open(2)
 */
export function pidfdOpen(pid: number): number {
  return checked(libcPidfdOpen(PIDFD_OPEN, pid, 0), 'pidfd_open', String(pid));
}

const libcPidfdSendSignal = libcFunction<
  [number: number, pidfd: number, signal: number, info: null, flags: number]
>('syscall', 'long', ['long', 'int', 'int', 'void *', 'uint']);

/**
 * Sends a signal to the process of a descriptor.
 *
 * @param signal its number, as in `os.constants.signals`; 0 only asks whether it is there
 * @throws {SyscallError} `ESRCH` when the process has ended and was waited for
 * @see pidfd_send_signal(2)
 */
export function pidfdSendSignal(pidfd: number, signal: number): void {
  checked(
    libcPidfdSendSignal(PIDFD_SEND_SIGNAL, pidfd, signal, null, 0),
    'pidfd_send_signal',
    `descriptor ${pidfd}`,
  );
}
