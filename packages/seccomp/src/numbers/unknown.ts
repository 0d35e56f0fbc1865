import type {Seccomp} from '@minicontainer/spec';
import {multiplexed} from './multiplexed.ts';
import {syscallNumbers} from './table.ts';

/**
 * Names in a filter's rules that no architecture has which there is a table of.
 *
 * The filter is made without them, as runc does: they are another architecture's, newer than the
 * tables, or misspelt.
 */
export function unknownSyscalls({syscalls = []}: Pick<Seccomp, 'syscalls'>): string[] {
  const tables = [
    multiplexed,
    syscallNumbers('SCMP_ARCH_X86_64'),
    syscallNumbers('SCMP_ARCH_X86'),
    syscallNumbers('SCMP_ARCH_AARCH64'),
    syscallNumbers('SCMP_ARCH_ARM'),
  ];
  const names = new Set(syscalls.flatMap((rule) => rule.names));
  return [...names].filter((name) => !tables.some((table) => table.has(name)));
}
