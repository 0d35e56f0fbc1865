import {closeSync, constants, fstatSync, openSync, statSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {MinicontainerError} from '@minicontainer/errors';
import {flock} from './descriptors.ts';

export type LockMode = 'shared' | 'exclusive';

/** A locked file; the lock goes with the descriptor, and with this process at the latest. */
export interface FileLock extends Disposable {
  readonly fd: number;
}

export interface LockWait {
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for others at most; without end unless said. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Locks a file, which is made where it is missing, and waits for those who hold it in a mode that excludes
 * this one. Never blocks: the event loop goes on.
 *
 * @throws {MinicontainerError} `ELOCKED` after `timeoutMs`
 * @see flock(2)
 */
export async function lockFile(
  path: string,
  mode: LockMode,
  wait: LockWait = {},
): Promise<FileLock> {
  const giveUpAt = Date.now() + (wait.timeoutMs ?? Number.POSITIVE_INFINITY);
  for await (const lock of attempts(path, mode, wait.signal)) {
    if (lock !== undefined) return lock;
    if (Date.now() > giveUpAt) throw heldTooLong(path);
  }
  throw heldTooLong(path);
}

/** As `lockFile`, alone; undefined when another has it and `isOver` says that nobody needs it any more. */
export async function lockFileUnless(
  path: string,
  isOver: () => boolean,
  wait: LockWait = {},
): Promise<FileLock | undefined> {
  for await (const lock of attempts(path, 'exclusive', wait.signal)) {
    if (lock !== undefined) return lock;
    if (isOver()) return undefined;
  }
  return undefined;
}

/** Tries, and yields what it got, without end. */
async function* attempts(
  path: string,
  mode: LockMode,
  signal?: AbortSignal,
): AsyncGenerator<FileLock | undefined, void, undefined> {
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, 40)) {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    let isOurs = false;
    try {
      // Who held it before may have renamed or removed it: what is at the path now is another file.
      isOurs = flock(fd, mode) && isLinked(fd, path);
    } finally {
      if (!isOurs) closeSync(fd);
    }
    if (isOurs) yield lockFd(fd);
    else {
      yield undefined;
      // Uneven, so that many who wait do not come back at once.
      await sleep(pauseMs * (0.5 + Math.random()), undefined, {signal});
    }
  }
}

/** Locks a file or directory that is there, if nobody holds it; undefined when somebody does, or it is gone. */
export function tryLock(path: string): FileLock | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  if (flock(fd, 'exclusive') && isLinked(fd, path)) return lockFd(fd);
  closeSync(fd);
  return undefined;
}

/** The lock that a descriptor holds. */
export function lockFd(fd: number): FileLock {
  let isOpen = true;
  return {
    fd,
    [Symbol.dispose]: () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}

function isLinked(fd: number, path: string): boolean {
  const held = fstatSync(fd);
  const there = statSync(path, {throwIfNoEntry: false});
  return there?.ino === held.ino && there.dev === held.dev;
}

function heldTooLong(path: string): MinicontainerError {
  return new MinicontainerError('ELOCKED', `another process holds ${path} and does not end`, {
    hint: `fuser ${path} names it`,
  });
}
