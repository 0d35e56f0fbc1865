import {expect, test} from 'vitest';
import {usualFilter} from '../ready/usual.ts';
import {syscallNumbers} from './table.ts';
import {unknownSyscalls} from './unknown.ts';

test('what is misspelt, or of another architecture, is unknown', () => {
  const rule = (...names: string[]) => ({names, action: 'SCMP_ACT_ALLOW'}) as const;
  const syscalls = [rule('read', 'raed'), rule('recv', 'set_tls', 's390_runtime_instr')];
  expect(unknownSyscalls({syscalls})).toEqual(['raed', 's390_runtime_instr']);
  expect(unknownSyscalls(usualFilter('x86_64'))).toEqual(['riscv_hwprobe']);
});

test('an architecture has its own numbers', () => {
  expect(syscallNumbers('SCMP_ARCH_X86_64').get('execveat')).toBe(322);
  expect(syscallNumbers('SCMP_ARCH_X86').get('execveat')).toBe(358);
  expect(syscallNumbers('SCMP_ARCH_X32').get('execveat')).toBe(0x4000_0000 + 545);
  expect(syscallNumbers('SCMP_ARCH_AARCH64').get('execveat')).toBe(281);
  expect(syscallNumbers('SCMP_ARCH_ARM').get('execveat')).toBe(387);
});
