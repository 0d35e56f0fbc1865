import {appendFileSync, constants, openSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {type FileLock, flock, lockFd, tryLock} from '@minicontainer/syscalls';
import {type Digest, isDigest} from '../digest/digest.ts';
import {explainStore} from './failure.ts';

/** What a sweep must leave alone. */
export interface Protected {
  readonly blobs?: readonly Digest[] | undefined;
  /** Names of snapshots' directories. */
  readonly snapshots?: readonly string[] | undefined;
}

/** Protects what a running process is about to use, until it is let go or the process ends. */
export interface Lease extends AsyncDisposable {
  /**
   * To be awaited before one looks whether a thing is there: what is found after that stays.
   */
  protect(things: Protected): Promise<void>;
}

/** Makes the file of a lease and locks it. The caller holds the store's lock: no sweep looks at it before. */
export function makeLeaseFile(root: string): {path: string; lock: FileLock} {
  const path = join(root, 'leases', `${process.pid}-${Math.random().toString(36).slice(2)}`);
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    flock(fd, 'exclusive');
    return {path, lock: lockFd(fd)};
  } catch (cause) {
    throw explainStore(cause, path);
  }
}

/** The caller holds the store's lock. */
export function appendToLease(path: string, {blobs = [], snapshots = []}: Protected): void {
  const lines = [
    ...blobs.map((digest) => `blob ${digest}`),
    ...snapshots.map((name) => `snapshot ${name}`),
  ];
  if (lines.length === 0) return;
  try {
    appendFileSync(path, `${lines.join('\n')}\n`);
  } catch (cause) {
    throw explainStore(cause, path);
  }
}

/** Before its lock goes, so that nobody finds it unlocked. */
export function removeLease(path: string): void {
  rmSync(path, {force: true});
}

/** All that living processes protect; leases of dead ones are removed. The caller holds the store's lock alone. */
export function readLeases(root: string): {blobs: Set<Digest>; snapshots: Set<string>} {
  const blobs = new Set<Digest>();
  const snapshots = new Set<string>();
  for (const name of readdirSync(join(root, 'leases'))) {
    const path = join(root, 'leases', name);
    using dead = tryLock(path);
    if (dead !== undefined) {
      rmSync(path, {force: true});
      continue;
    }
    for (const line of linesOf(path)) {
      const [kind, thing = ''] = line.split(' ');
      if (kind === 'blob' && isDigest(thing)) blobs.add(thing);
      if (kind === 'snapshot') snapshots.add(thing);
    }
  }
  return {blobs, snapshots};
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    // Let go at this moment: what it protected has a name by now, or is not wanted.
    return [];
  }
}
