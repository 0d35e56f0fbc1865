import {statfsSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {SyscallError} from './error.ts';
import {FILE_SYSTEM_MAGIC, statfs} from './statfs.ts';

describe('statfs', () => {
  it('knows /proc by its magic', () => {
    expect(statfs('/proc').f_type).toBe(FILE_SYSTEM_MAGIC.proc);
  });

  it('agrees with Node on what Node has', () => {
    const node = statfsSync('/');
    const ours = statfs('/');
    expect(ours.f_type).toBe(node.type);
    expect(ours.f_bsize).toBe(node.bsize);
    expect(ours.f_blocks).toBe(node.blocks);
    expect(ours.f_files).toBe(node.files);
    expect(ours.f_bavail).toBeLessThanOrEqual(ours.f_bfree);
    expect(ours.f_namelen).toBe(255);
  });

  it('names the path that is not there', () => {
    expect(() => statfs('/does/not/exist')).toThrow(
      new SyscallError('statfs', 2, '/does/not/exist'),
    );
  });
});
