import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';

/**
 * Writes a file that is there as a whole or not at all. A device or a pipe, such as /dev/stdout, is written to.
 *
 * @throws {MinicontainerError} `EOUTPUT` when it cannot be written; what `fill` throws
 */
export async function replaceFile(
  path: string,
  fill: (write: (chunk: Buffer) => void) => Promise<void>,
): Promise<void> {
  const there = guard(path, () => statSync(path, {throwIfNoEntry: false}));
  const isInPlace = there !== undefined && !there.isFile();
  const unfinished = isInPlace ? path : `${path}.${process.pid}.part`;
  const fd = guard(path, () => openSync(unfinished, isInPlace ? 'w' : 'wx', 0o600));
  let isDone = false;
  try {
    await fill((chunk) => {
      guard(path, () => writeAll(fd, chunk));
    });
    if (!isInPlace) guard(path, () => renameSync(unfinished, path));
    isDone = true;
  } finally {
    closeSync(fd);
    if (!isDone && !isInPlace) rmSync(unfinished, {force: true});
  }
}

/**
 * Makes a directory that is there with all that is in it, or not at all.
 *
 * @throws {MinicontainerError} `EOUTPUT` when there is something in it already; what `fill` throws
 */
export async function makeDirectory(
  path: string,
  fill: (directory: string) => Promise<void>,
): Promise<void> {
  requireNew(path);
  const unfinished = `${path.replace(/\/+$/, '')}.${process.pid}.part`;
  guard(path, () => mkdirSync(unfinished));
  try {
    await fill(unfinished);
    // One that is there and empty gives way (rename(2)).
    guard(path, () => renameSync(unfinished, path));
  } finally {
    rmSync(unfinished, {recursive: true, force: true});
  }
}

function requireNew(path: string): void {
  const there = guard(path, () => statSync(path, {throwIfNoEntry: false}));
  if (there === undefined) return;
  if (there.isDirectory() && readdirSync(path).length === 0) return;
  throw new MinicontainerError('EOUTPUT', `${path} is there already, and not empty`, {
    hint: 'name a directory that is to be made',
  });
}

function writeAll(fd: number, chunk: Buffer): void {
  for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
}

function guard<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new MinicontainerError('EOUTPUT', `cannot write ${path}: ${code}`, {cause});
  }
}
