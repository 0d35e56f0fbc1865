import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {flock, makeDirectories} from '@minicontainer/syscalls';

/** One container's directory, locked for as long as `lock` is open in any process. */
export interface ContainerDirectory {
  readonly id: string;
  readonly path: string;
  readonly lock: number;
}

/**
 * Makes and locks the directory of a new container. The lock is taken before anything else is put in,
 * so that a directory without one, or with one that can be had, belongs to a run that is over.
 *
 * @throws {MinicontainerError} `ESTATE` when it cannot be made
 */
export function createContainerDirectory(state: string): ContainerDirectory {
  const containers = join(state, 'containers');
  for (;;) {
    const id = randomId();
    const path = join(containers, id);
    try {
      makeDirectories(containers);
      mkdirSync(path, {mode: 0o700});
      const lock = openSync(join(path, 'lock'), 'wx+', 0o600);
      if (flock(lock, 'exclusive') && fstatSync(lock).nlink > 0) return {id, path, lock};
      // Before it was locked another run took it for abandoned, and is removing it or has by now.
      closeSync(lock);
    } catch (cause) {
      if (existsSync(path)) rmSync(path, {recursive: true, force: true});
      throw explainState(cause, path);
    }
  }
}

/** 32 bytes; straight from the kernel, since node:crypto takes 3 ms to load. */
function randomId(): string {
  const bytes = Buffer.alloc(32);
  const urandom = openSync('/dev/urandom', 'r');
  try {
    readSync(urandom, bytes);
  } finally {
    closeSync(urandom);
  }
  return bytes.toString('hex');
}

/** Writes a file of the container's, complete or not at all. */
export function writeContainerFile(
  {path}: ContainerDirectory,
  name: string,
  data: string | Uint8Array,
): string {
  const file = join(path, name);
  try {
    writeFileSync(file, data, {mode: 0o600, flag: 'wx'});
    return file;
  } catch (cause) {
    throw explainState(cause, file);
  }
}

/** Removes what is left of a run that never began. */
export function discardContainerDirectory({path, lock}: ContainerDirectory): void {
  rmSync(path, {recursive: true, force: true});
  closeSync(lock);
}

/** The directories of runs that are over: killed before they could clean up. Each comes locked. */
export function* abandonedDirectories(state: string): Generator<ContainerDirectory> {
  for (const id of listIds(state)) {
    const path = join(state, 'containers', id);
    const lock = tryLock(path);
    if (lock !== undefined) yield {id, path, lock};
  }
}

function listIds(state: string): string[] {
  try {
    return readdirSync(join(state, 'containers'));
  } catch {
    return [];
  }
}

function tryLock(path: string): number | undefined {
  let lock: number | undefined;
  try {
    // Without a lock file its removal was cut short, unless it is being made this very moment.
    lock = openSync(join(path, 'lock'), isOld(path) ? 'a+' : 'r+', 0o600);
    if (flock(lock, 'exclusive')) return lock;
  } catch {
    // Not there yet, or gone by now.
  }
  if (lock !== undefined) closeSync(lock);
  return undefined;
}

function isOld(path: string): boolean {
  return statSync(path).mtimeMs < Date.now() - 60_000;
}

/** An error of the file system, as one of keeping state; any other stays as it is. */
export function explainState(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) return cause;
  if (cause instanceof MinicontainerError) return cause;
  const code = String(cause.code);
  const hints: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full: free some space, or set MINICONTAINER_ROOT to another disk',
    EDQUOT: 'your quota is used up: free some space, or set MINICONTAINER_ROOT to another disk',
    EROFS: 'the file system is read-only: set MINICONTAINER_ROOT to a directory that is not',
    EACCES: 'it must be yours: set MINICONTAINER_ROOT to a directory that is',
    ENOENT: 'nothing can be made there: set MINICONTAINER_ROOT to a directory on a disk',
  };
  const hint = hints[code];
  return new MinicontainerError('ESTATE', `cannot keep a container at ${path}: ${code}`, {
    cause,
    ...(hint === undefined ? {} : {hint}),
  });
}
