import {existsSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {SyscallError} from './error.ts';
import {mount, umount2} from './mounts.ts';

function failure(call: () => void): SyscallError {
  try {
    call();
  } catch (error) {
    if (error instanceof SyscallError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

// Nothing here can succeed, whoever runs it: tests of real mounts need a namespace of their own.
describe('mount and umount2', () => {
  it('mounting on nothing is an error with the mount point, the errno and its name', () => {
    const error = failure(() => mount({source: 'none', target: '/does/not/exist', type: 'tmpfs'}));
    expect(error).toMatchObject({syscall: 'mount', target: '/does/not/exist'});
    // A plain user is refused before the path is looked at.
    expect(['ENOENT', 'EPERM']).toContain(error.errnoName);
    expect(error.code).toBe(error.errnoName);
    expect(error.message).toMatch(/^mount \/does\/not\/exist: .+ \(E[A-Z]+\)$/);
  });

  it('taking away what is not mounted is an error', () => {
    expect(existsSync('/etc/passwd')).toBe(true);
    const error = failure(() => umount2('/etc/passwd', ['detach', 'nofollow']));
    expect(error).toMatchObject({syscall: 'umount2', target: '/etc/passwd'});
    expect(['EINVAL', 'EPERM']).toContain(error.errnoName);
  });

  it('a NUL inside a path is refused, not cut', () => {
    expect(failure(() => umount2('/etc\0/x')).errnoName).toBe('EINVAL');
    expect(failure(() => mount({target: '/x', data: 'size=1m\0'})).errnoName).toBe('EINVAL');
  });
});
