import {closeSync, constants, openSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {
  clearCloseOnExec,
  isCloseOnExec,
  setCloseOnExec,
  setStatusFlags,
  statusFlags,
} from './descriptors.ts';
import {SyscallError} from './error.ts';

let fd: number;
beforeEach(() => {
  fd = openSync('/dev/null', 'r');
});
afterEach(() => closeSync(fd));

describe('descriptor flags', () => {
  it('what Node opens is closed by execve, until that is cleared', () => {
    expect(isCloseOnExec(fd)).toBe(true);
    clearCloseOnExec(fd);
    expect(isCloseOnExec(fd)).toBe(false);
    setCloseOnExec(fd);
    expect(isCloseOnExec(fd)).toBe(true);
  });

  it('O_NONBLOCK can be set and cleared', () => {
    const before = statusFlags(fd);
    setStatusFlags(fd, before | constants.O_NONBLOCK);
    expect(statusFlags(fd) & constants.O_NONBLOCK).toBe(constants.O_NONBLOCK);
    setStatusFlags(fd, before);
    expect(statusFlags(fd)).toBe(before);
  });

  it('a descriptor that is not open is an error that names it', () => {
    expect(() => clearCloseOnExec(999_999)).toThrow(
      new SyscallError('fcntl', 9, 'descriptor 999999'),
    );
  });
});
