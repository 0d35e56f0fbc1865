import {type KnownArchitecture, type Machine, syscallNumbers} from '@minicontainer/seccomp';
import type {Seccomp} from '@minicontainer/spec';
import type {Call} from './interpreter.ts';
import {through} from './multiplexed.ts';

// linux/audit.h
export const audit = {
  x86_64: 0xc000_003e,
  x86: 0x4000_0003,
  aarch64: 0xc000_00b7,
  arm: 0x4000_0028,
};

export const ENOSYS = 0x0005_0000 | 38;

const x32Bit = 0x4000_0000;
const armPrivateCalls = 0x0f_0000;

/**
 * Which calls runc answers with ENOSYS before it lets libseccomp's program judge them: those above
 * the largest that the filter names. Unlike runc's, arm's private calls do not count as that, and
 * i386's `socketcall` and `ipc` are named by what is called through them.
 */
export function hiddenCalls(seccomp: Seccomp, machine: Machine): (call: Call) => boolean {
  if (['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE'].includes(seccomp.defaultAction)) {
    return () => false;
  }
  const names = [...new Set(seccomp.syscalls?.flatMap((rule) => rule.names))];
  const listed = seccomp.architectures ?? [];
  const numbersOf = (architecture: KnownArchitecture): number[] =>
    names
      .flatMap((name) =>
        architecture === 'SCMP_ARCH_X86' ? [name, ...(through[name] ?? []).slice(0, 1)] : [name],
      )
      .map((name) => syscallNumbers(architecture).get(String(name)))
      .filter((number) => number !== undefined);
  const last = (architecture: KnownArchitecture, native = false): number => {
    if (!native && !listed.includes(architecture)) return Number.POSITIVE_INFINITY;
    const numbers = numbersOf(architecture).filter(
      (number) => architecture !== 'SCMP_ARCH_ARM' || number < armPrivateCalls,
    );
    return numbers.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...numbers);
  };
  const lastOf = {
    x86_64: last('SCMP_ARCH_X86_64', machine === 'x86_64'),
    x32: last('SCMP_ARCH_X32'),
    x86: last('SCMP_ARCH_X86'),
    aarch64: last('SCMP_ARCH_AARCH64', machine === 'aarch64'),
    arm: last('SCMP_ARCH_ARM'),
  };
  const known = new Set(numbersOf('SCMP_ARCH_ARM'));
  return ({architecture, number}) => {
    const unsigned = number >>> 0;
    if (machine === 'x86_64') {
      if (architecture === audit.x86) return unsigned > lastOf.x86;
      if (architecture !== audit.x86_64) return false;
      return unsigned > ((unsigned & x32Bit) !== 0 ? lastOf.x32 : lastOf.x86_64);
    }
    if (architecture === audit.arm) return unsigned > lastOf.arm && !known.has(unsigned);
    return architecture === audit.aarch64 && unsigned > lastOf.aarch64;
  };
}
