import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

import {join} from 'node:path';
import type {ProgramCache} from '@minicontainer/seccomp';
import {makeDirectories} from '@minicontainer/syscalls';

/** How many programs are kept, of some 15 kB each. */
const mostPrograms = 32;
const longestLifeMs = 30 * 24 * 3600 * 1000;

/**
 * Programs of filters in `filters/` of the state, or of the runtime's cache: compiling one takes some milliseconds of a start. A file
 * has the whole key in it, so that nothing depends on its name, and the program twice, so that a damaged one
 * is noticed. What cannot be kept is no error.
 */
export function filterCache(state: string): ProgramCache {
  const directory = join(state, 'filters');
  return {
    get: (key) => read(join(directory, nameOf(key)), key),
    put: (key, program) => {
      try {
        write(directory, nameOf(key), contentOf(key, program));
      } catch {
        // A full disk, a state that is read-only: the next start compiles again.
      }
    },
  };
}

/** The same, of a state that must not change: for a plan that is only shown. */
export function readOnlyFilterCache(state: string): ProgramCache {
  return {...filterCache(state), put: () => {}};
}

function read(path: string, key: string): Uint8Array | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const {uid, mode} = fstatSync(fd);
    // Whoever else could write it would decide what a container may do.
    if (uid !== process.geteuid?.() || (mode & 0o077) !== 0) return undefined;
    return programIn(readFileSync(fd, 'latin1'), key);
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function write(directory: string, name: string, content: string): void {
  makeDirectories(directory);
  evict(directory);
  const unfinished = join(directory, `.${name}-${process.pid}`);
  try {
    writeFileSync(unfinished, content, {mode: 0o600, flag: 'wx', encoding: 'latin1'});
    renameSync(unfinished, join(directory, name));
  } catch (error) {
    rmSync(unfinished, {force: true});
    throw error;
  }
}

/** The oldest first, and all that is old: nobody may have used them for as long. */
function evict(directory: string): void {
  const files = readdirSync(directory)
    .map((name) => ({name, age: ageOf(join(directory, name))}))
    .sort((one, other) => one.age - other.age);
  for (const [index, {name, age}] of files.entries()) {
    if (index >= mostPrograms - 1 || age > longestLifeMs) {
      rmSync(join(directory, name), {force: true});
    }
  }
}

function ageOf(path: string): number {
  return Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0);
}

/** Lines: the key, which as JSON has no line ends in it, and the program, twice. */
function contentOf(key: string, program: Uint8Array): string {
  const line = `${Buffer.from(program).toString('base64')}\n`;
  return `${Buffer.from(key).toString('latin1')}\n${line}${line}`;
}

function programIn(content: string, key: string): Uint8Array | undefined {
  const head = `${Buffer.from(key).toString('latin1')}\n`;
  if (!content.startsWith(head)) return undefined;
  const half = (content.length - head.length) / 2;
  const line = content.slice(head.length, head.length + half);
  if (!line.endsWith('\n') || content.slice(head.length + half) !== line) return undefined;
  return Buffer.from(line, 'base64');
}

/** FNV-1a by words of 4 bytes: node:crypto takes as long to load as a filter to compile. */
function nameOf(key: string): string {
  const bytes = Buffer.alloc(Math.ceil(Buffer.byteLength(key) / 4) * 4);
  bytes.write(key);
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)) {
    hash = Math.imul(hash ^ word, 0x01000193);
  }
  return `${(hash >>> 0).toString(16).padStart(8, '0')}-${key.length}`;
}
