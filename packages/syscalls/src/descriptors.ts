import {SyscallError} from './error.ts';
import {checked, libcFunction} from './libc.ts';

const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const FD_CLOEXEC = 1;

const libcFcntl = libcFunction<[fd: number, command: number, argument: number]>('fcntl', 'int', [
  'int',
  'int',
  'long',
]);

function fcntl(fd: number, command: number, argument = 0): number {
  return checked(libcFcntl(fd, command, argument), 'fcntl', `descriptor ${fd}`);
}

/** Whether a descriptor is closed by `execve`. @see fcntl(2), F_GETFD */
export function isCloseOnExec(fd: number): boolean {
  return (fcntl(fd, F_GETFD) & FD_CLOEXEC) !== 0;
}

/** Lets a descriptor live on through `execve`; all that Node opens would not. @see fcntl(2), F_SETFD */
export function clearCloseOnExec(fd: number): void {
  fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) & ~FD_CLOEXEC);
}

/** Has `execve` close a descriptor. @see fcntl(2), F_SETFD */
export function setCloseOnExec(fd: number): void {
  fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) | FD_CLOEXEC);
}

/**
 * The status flags of an open file (O_NONBLOCK, O_APPEND, its access mode): shared by every
 * descriptor of it, in other processes too.
 *
 * @returns bits as in `fs.constants`
 * @see fcntl(2), F_GETFL
 */
export function statusFlags(fd: number): number {
  return fcntl(fd, F_GETFL);
}

/** Sets the status flags of an open file, as `statusFlags` reads them. @see fcntl(2), F_SETFL */
export function setStatusFlags(fd: number, flags: number): void {
  fcntl(fd, F_SETFL, flags);
}

const LOCK = {shared: 1, exclusive: 2, unlock: 8} as const;
const LOCK_NB = 4;
const EAGAIN = 11;

const libcFlock = libcFunction<[fd: number, operation: number]>('flock', 'int', ['int', 'int']);

/**
 * Takes or drops an advisory lock on an open file; never waits, for that would stop the event loop.
 *
 * @returns false when somebody else holds it in a mode that excludes this one
 * @throws {SyscallError} for any other failure
 * @see flock(2)
 */
export function flock(fd: number, operation: keyof typeof LOCK): boolean {
  try {
    checked(libcFlock(fd, LOCK[operation] | LOCK_NB), 'flock', `descriptor ${fd}`);
    return true;
  } catch (error) {
    if (error instanceof SyscallError && error.errno === EAGAIN) return false;
    throw error;
  }
}
