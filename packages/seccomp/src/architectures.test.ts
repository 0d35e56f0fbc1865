import {expect, test} from 'vitest';
import {machineOf} from './architectures.ts';

test('machines are named as the kernel names them', () => {
  expect([machineOf('x64'), machineOf('arm64')]).toEqual(['x86_64', 'aarch64']);
  expect(() => machineOf('s390x')).toThrow('the system calls of s390x are not known');
});
