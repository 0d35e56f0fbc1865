import {fstatSync, readFileSync} from 'node:fs';
import {refuse} from './refuse.ts';

/** What the meaning of a command line depends on besides its words. */
export interface Caller {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked only when a path is relative: a directory that is gone must not matter otherwise. */
  readonly cwd: () => string;
  readonly readFile: (path: string) => Buffer;
  /** Whether a person sits there: what makes a container get a terminal without `-t`. */
  readonly terminal: boolean;
}

/** This process as the caller; a terminal when all the given descriptors are one. */
export async function processCaller(descriptors: readonly number[]): Promise<Caller> {
  const possible = descriptors.every(mayBeTerminal);
  return {
    env: process.env,
    cwd: currentDirectory,
    readFile: (path) => readFileSync(path),
    terminal: possible && (await areTerminals(descriptors)),
  };
}

function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    throw refuse('a relative path, but the current directory is gone', 'cd to one that is there');
  }
}

const MAJOR_MEMORY = 1; // null, zero, full, random: character devices, never terminals

function mayBeTerminal(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isCharacterDevice() && stat.rdev >> 8 !== MAJOR_MEMORY;
}

// node:tty brings sockets along, 2 ms: loaded only for what may be a terminal.
async function areTerminals(descriptors: readonly number[]): Promise<boolean> {
  const {isatty} = await import('node:tty');
  return descriptors.every((fd) => isatty(fd));
}
