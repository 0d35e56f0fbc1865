import {existsSync, mkdirSync, statSync} from 'node:fs';
import {dirname} from 'node:path';

/**
 * Makes a directory and those on the way to it, where they are missing. Node's own way never returns where
 * the kernel says that a directory is missing which is there, as it does below /proc.
 *
 * @throws what mkdir(2) says, as an error of Node's file system
 */
export function makeDirectories(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, {mode});
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && statSync(path, {throwIfNoEntry: false})?.isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    makeDirectories(parent, mode);
    makeDirectories(path, mode);
  }
}
