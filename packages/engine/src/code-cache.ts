import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

import {dirname, join} from 'node:path';
import {Script} from 'node:vm';
import {makeDirectories} from '@minicontainer/syscalls';

export {callerCache} from './cache-directory.ts';

/** Of so many scripts and versions of Node is the compiled code kept, some 200 kB each. */
const mostFiles = 8;

/** A script, and whether what V8 makes of it is known already. */
export interface CompiledScript<Value> {
  /** What the script's text evaluates to. */
  readonly value: Value;
  /** Keeps what V8 has compiled by now, where it is not kept yet. What cannot be kept is no error. */
  save(): void;
}

/**
 * Evaluates a script with the code that V8 compiled of it in an earlier process: that saves 10 ms of 200 kB.
 * V8 checks neither where such code is from nor that it is whole, and executes it: so it is taken from
 * a directory that only this user can write, and gets there whole.
 *
 * @param path of the script, of ASCII
 * @param directory of the compiled code, an absolute path, made where it is missing; without one nothing
 *   is kept
 * @param digest of the script: V8 compares no more than its length
 */
export function compileScript<Value>(
  path: string,
  digest: string,
  directory: string | undefined,
): CompiledScript<Value> {
  // Nothing relative: what lies where the caller stands is not ours to remove.
  const kept = directory?.startsWith('/') ? join(directory, `${digest}-${target()}`) : undefined;
  const cachedData = kept === undefined ? undefined : read(kept);
  const script = new Script(readFileSync(path, 'latin1'), {
    filename: path,
    ...(cachedData && {cachedData}),
  });
  const known = cachedData !== undefined && script.cachedDataRejected === false;
  return {
    value: script.runInThisContext(),
    save: () => {
      if (kept !== undefined && !known) write(kept, () => script.createCachedData());
    },
  };
}

/** What V8 refuses code of another of: so they do not replace each other's. */
function target(): string {
  const options = process.execArgv.join('').replace(/\W+/g, '_').slice(0, 80);
  return `${process.version}-${process.arch}${options}`;
}

function read(path: string): Buffer | undefined {
  let fd: number | undefined;
  try {
    if (!isOwn(lstatSync(dirname(path)), 0o022)) return undefined;
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return isOwn(fstatSync(fd), 0o077) ? readFileSync(fd) : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whether nobody else can have changed it. */
function isOwn({uid, mode}: {uid: number; mode: number}, othersMay: number): boolean {
  return uid === process.geteuid?.() && (mode & othersMay) === 0;
}

function write(path: string, code: () => Buffer): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    makeDirectories(dirname(path));
    if (!isOwn(lstatSync(dirname(path)), 0o022)) return;
    evict(dirname(path));
    writeWhole(unfinished, code());
    renameSync(unfinished, path);
  } catch {
    // Read-only, or full: the next process compiles again.
  }
}

/** With fsync, since a crash of the machine must not leave half of it under its name. */
function writeWhole(path: string, code: Buffer): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(fd, code);
    fsyncSync(fd);
  } catch (error) {
    rmSync(path, {force: true});
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** The oldest of ours: of scripts that have been replaced, and what a process left that was killed. */
function evict(directory: string): void {
  const files = readdirSync(directory)
    .filter((name) => /-v\d+\.\d+\.\d+-\w+(\.\d+)?$/.test(name))
    .map((name) => join(directory, name))
    .map((path) => ({path, since: statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0}))
    .sort((one, other) => other.since - one.since);
  for (const {path} of files.slice(mostFiles - 1)) rmSync(path, {force: true});
}
