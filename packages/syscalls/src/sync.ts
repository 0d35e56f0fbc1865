import {closeSync, openSync} from 'node:fs';
import {checked, libcFunction} from './libc.ts';

const libcSyncfs = libcFunction<[fd: number]>('syncfs', 'int', ['int']);

/**
 * Writes all that a file system holds back, and waits until it is on the disk.
 *
 * @param path anything in it
 * @throws {SyscallError} when the disk fails
 * @see syncfs(2)
 */
export function syncFileSystem(path: string): void {
  const fd = openSync(path, 'r');
  try {
    checked(libcSyncfs(fd), 'syncfs', path);
  } finally {
    closeSync(fd);
  }
}
