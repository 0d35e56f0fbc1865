import {type KnownArchitecture, type Machine, syscallNumbers} from '@minicontainer/seccomp';
import type {Seccomp, SeccompArgument, SeccompRule} from '@minicontainer/spec';
import type {Call} from './interpreter.ts';
import {through} from './multiplexed.ts';
import {audit} from './new-calls.ts';
import {actionNumber} from './reference.ts';

const x32Bit = 0x4000_0000;

interface Clause {
  readonly conditions: readonly SeccompArgument[];
  /** The value that argument 0 must have too, of a call that is made through another. */
  readonly first: bigint | undefined;
  readonly result: number;
}

/**
 * What a filter says of a call, read rule by rule in plain arithmetic, without a program: a rule
 * without conditions wins; else the first one whose conditions hold. Not ENOSYS for newer calls.
 */
export function judge(seccomp: Seccomp, machine: Machine, call: Call): number {
  const architecture = architectureOf(call, machine);
  const otherwise = actionNumber(seccomp.defaultAction, seccomp.defaultErrnoRet);
  if (architecture === 'none') return 0;
  if (!architecture.native && !seccomp.architectures?.includes(architecture.name)) {
    return architecture.name === 'SCMP_ARCH_X32' && call.number >>> 0 === 0xffff_ffff
      ? otherwise
      : 0;
  }
  const {name, wide} = architecture;
  const clauses = (seccomp.syscalls ?? []).flatMap((rule) => clausesFor(rule, name, call, wide));
  const real = clauses.filter(({result}) => result !== otherwise);
  const always = real.find(({conditions, first}) => conditions.length === 0 && first === undefined);
  return (always ?? real.find((clause) => holds(clause, call, wide)))?.result ?? otherwise;
}

function architectureOf({architecture, number}: Call, machine: Machine) {
  const known = (name: KnownArchitecture, native: boolean, wide: boolean) => ({name, native, wide});
  if (machine === 'aarch64') {
    if (architecture === audit.aarch64) return known('SCMP_ARCH_AARCH64', true, true);
    return architecture === audit.arm ? known('SCMP_ARCH_ARM', false, false) : 'none';
  }
  if (architecture === audit.x86) return known('SCMP_ARCH_X86', false, false);
  if (architecture !== audit.x86_64) return 'none';
  const isX32 = number >>> 0 >= x32Bit;
  return isX32 ? known('SCMP_ARCH_X32', false, false) : known('SCMP_ARCH_X86_64', true, true);
}

function clausesFor(
  {names, action, errnoRet, args = []}: SeccompRule,
  architecture: KnownArchitecture,
  {number}: Call,
  wide: boolean,
): Clause[] {
  const result = actionNumber(action, errnoRet);
  const numbers = syscallNumbers(architecture);
  const repeated = new Set(args.map(({index}) => index)).size < args.length;
  const groups = repeated ? args.map((argument) => [argument]) : [args];
  const clause = (conditions: readonly SeccompArgument[], first: bigint | undefined): Clause[] =>
    conditions.some((argument) => isBeyond(argument, wide, ['SCMP_CMP_GE', 'SCMP_CMP_GT']))
      ? []
      : [{conditions: conditions.filter((argument) => !isCertain(argument, wide)), first, result}];
  return names.flatMap((name) =>
    groups.flatMap((group): Clause[] => {
      const direct = numbers.get(name) === number >>> 0 ? clause(group, undefined) : [];
      const [call, first] = architecture === 'SCMP_ARCH_X86' ? (through[name] ?? []) : [];
      if (call === undefined || numbers.get(call) !== number >>> 0) return direct;
      const rest = group.filter(({index}) => index !== 0);
      return [...direct, ...clause(rest, first)];
    }),
  );
}

function isCertain(argument: SeccompArgument, wide: boolean): boolean {
  return isEmptyMask(argument, wide) || isBeyond(argument, wide, ['SCMP_CMP_LT', 'SCMP_CMP_LE']);
}

function isEmptyMask({op, value}: SeccompArgument, wide: boolean): boolean {
  return op === 'SCMP_CMP_MASKED_EQ' && word(BigInt(value), wide) === 0n;
}

/** An ordering with a value above all that a call of 32 bits can have: it is decided beforehand. */
function isBeyond({op, value}: SeccompArgument, wide: boolean, ops: readonly string[]): boolean {
  return !wide && value >= 2 ** 32 && ops.includes(op);
}

function holds({conditions, first}: Clause, {args}: Call, wide: boolean): boolean {
  if (first !== undefined && word(args[0] ?? 0n, wide) !== first) return false;
  return conditions.every(({index, op, value, valueTwo = 0}) => {
    const found = word(args[index] ?? 0n, wide);
    const [one, two] = [word(BigInt(value), wide), word(BigInt(valueTwo), wide)];
    switch (op) {
      case 'SCMP_CMP_NE':
        return found !== one;
      case 'SCMP_CMP_LT':
        return found < one;
      case 'SCMP_CMP_LE':
        return found <= one;
      case 'SCMP_CMP_EQ':
        return found === one;
      case 'SCMP_CMP_GE':
        return found >= one;
      case 'SCMP_CMP_GT':
        return found > one;
      case 'SCMP_CMP_MASKED_EQ':
        return (found & one) === (two & one);
      default:
        return op satisfies never;
    }
  });
}

/** What libseccomp compares: on architectures of 32 bits, and x32, only the low word. */
function word(value: bigint, wide: boolean): bigint {
  return BigInt.asUintN(wide ? 64 : 32, value);
}
