import type {KnownArchitecture, Machine} from '@minicontainer/seccomp';
import type {
  Seccomp,
  SeccompAction,
  SeccompArgument,
  SeccompOperator,
  SeccompRule,
} from '@minicontainer/spec';
import fc from 'fast-check';
import {through} from './multiplexed.ts';

const names = [
  ...['read', 'write', 'ioctl', 'clone', 'personality', 'socket', 'bind', 'recv', 'accept4'],
  ...['semop', 'shmget', 'semtimedop', 'socketcall', 'ipc', 'mmap', 'mmap2', 'getuid32'],
  ...['set_tls', 'arm_fadvise64_64', 'execveat', 'futex', 'clone3', 'openat2', 'no_such_call'],
];
const plainActions: readonly SeccompAction[] = [
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_LOG',
];
const operators: readonly SeccompOperator[] = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
];

const action: fc.Arbitrary<Pick<SeccompRule, 'action' | 'errnoRet'>> = fc.oneof(
  fc.constantFrom(...plainActions).map((it) => ({action: it})),
  fc
    .tuple(
      fc.constantFrom<SeccompAction>('SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'),
      fc.integer({min: 0, max: 4000}),
    )
    .map(([it, errnoRet]) => ({action: it, errnoRet})),
);

const value = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    2 ** 32,
    2 ** 32 + 1,
    2 ** 53 - 1,
  ),
  fc.integer({min: 0, max: 4}),
  fc.maxSafeNat(),
);

const argument: fc.Arbitrary<SeccompArgument> = fc.record({
  index: fc.integer({min: 0, max: 5}),
  op: fc.constantFrom(...operators),
  value,
  valueTwo: value,
});

const rule: fc.Arbitrary<SeccompRule> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...names), {minLength: 1, maxLength: 4}),
    action,
    args: fc.array(argument, {maxLength: 3}),
  })
  .map(({action: chosen, ...rest}) => ({...rest, ...chosen}));

const compatible: Readonly<Record<Machine, readonly KnownArchitecture[]>> = {
  x86_64: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  aarch64: ['SCMP_ARCH_ARM'],
};

/** Any filter with actions as they come. */
export function anyFilter(machine: Machine): fc.Arbitrary<Seccomp> {
  return fc
    .record({
      fallback: action,
      architectures: fc.subarray([...compatible[machine]]),
      syscalls: fc.array(rule, {maxLength: 12}),
    })
    .map(({fallback, ...rest}) => ({
      ...rest,
      defaultAction: fallback.action,
      ...(fallback.errnoRet !== undefined && {defaultErrnoRet: fallback.errnoRet}),
    }));
}

/**
 * Filters that mean the same to libseccomp: a call has one rule, or several that each compare one
 * argument for equality, and its rules have one action.
 *
 * Of others libseccomp's tree makes something else than their rules say: it orders them by the
 * values compared, refuses some (EEXIST) and loses some comparisons that share a high word. Ours are
 * held to the rules themselves.
 */
export function plainFilter(machine: Machine): fc.Arbitrary<Seccomp> {
  return fc.tuple(anyFilter(machine), action).map(([filter, one]) => {
    const seen = new Map<string, boolean>();
    // Where arguments have 32 bits libseccomp orders them by a larger value's low half.
    const isMixed = (filter.architectures ?? []).length > 0;
    const syscalls = (filter.syscalls ?? []).flatMap(
      ({action: chosen, errnoRet, args = [], ...rule}) => {
        const distinct = args
          .filter(({index}, at) => args.findIndex((other) => other.index === index) === at)
          .map((one) =>
            /[LG][TE]$/.test(one.op) && isMixed ? {...one, value: one.value >>> 0} : one,
          );
        const equality = distinct.length === 1 && /EQ$/.test(distinct[0]?.op ?? '');
        const names = rule.names.filter((name) => {
          const group = isMultiplexed(name) ? 'multiplexed' : name;
          const before = seen.get(group);
          seen.set(group, equality && before !== false);
          return before === undefined || (before && equality);
        });
        if (names.length === 0) return [];
        const conditional = distinct.length > 0;
        return [
          {
            names,
            args: distinct,
            ...(conditional ? one : {action: chosen, ...(errnoRet !== undefined && {errnoRet})}),
          },
        ];
      },
    );
    return {...filter, syscalls};
  });
}

/** On i386 these meet in the arguments of two calls. */
function isMultiplexed(name: string): boolean {
  return name === 'socketcall' || name === 'ipc' || through[name] !== undefined;
}
