import {MinicontainerError} from '@minicontainer/errors';
import type {SeccompOperator} from '@minicontainer/spec';
import type {FilterArgument} from './filter.ts';

/** A comparison of one argument, in the 32-bit words that a program can load. */
export interface Condition {
  readonly index: number;
  readonly operator: SeccompOperator;
  readonly value: Words;
  /** Only with `SCMP_CMP_MASKED_EQ`: what of the argument, and of the value, is compared. */
  readonly mask: Words;
}

export interface Words {
  readonly high: number;
  readonly low: number;
}

const everything: Words = {high: 0xffff_ffff, low: 0xffff_ffff};

const operators: readonly SeccompOperator[] = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
];

/**
 * @param place where the argument stands, as a JSON pointer
 * @throws {MinicontainerError} `ESECCOMP`
 */
export function readCondition(argument: FilterArgument, place: string): Condition {
  const {index, op: operator, value, valueTwo = 0} = argument;
  if (!Number.isInteger(index) || index < 0 || index > 5) {
    refuse(`${place}/index`, 'an argument from 0 to 5', index);
  }
  if (!operators.includes(operator)) refuse(`${place}/op`, 'a comparison, SCMP_CMP_…', operator);
  const first = split(value, `${place}/value`);
  if (operator !== 'SCMP_CMP_MASKED_EQ') return {index, operator, value: first, mask: everything};
  return {index, operator, value: split(valueTwo, `${place}/valueTwo`), mask: first};
}

/** A condition that the call's argument number `call` is this: how i386 chooses in `socketcall`. */
export function isCall(call: number): Condition {
  return {index: 0, operator: 'SCMP_CMP_EQ', value: {high: 0, low: call}, mask: everything};
}

/**
 * Whether it holds, or fails, for every argument that there can be; undefined where that decides.
 *
 * On architectures of 32 bits no argument reaches a value above them, and a mask above them keeps
 * nothing. For equality only the value's low word counts there, as in libseccomp: -1 stays -1.
 */
export function foregone({operator, value, mask}: Condition, wide: boolean): boolean | undefined {
  const beyond = !wide && value.high !== 0;
  switch (operator) {
    case 'SCMP_CMP_MASKED_EQ':
      return mask.low === 0 && (mask.high === 0 || !wide) ? true : undefined;
    case 'SCMP_CMP_LT':
    case 'SCMP_CMP_LE':
      return beyond ? true : undefined;
    case 'SCMP_CMP_GE':
    case 'SCMP_CMP_GT':
      return beyond ? false : undefined;
    default:
      return undefined;
  }
}

function split(value: number | bigint, place: string): Words {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    // A filter that compares with a rounded value would let through what its author refused.
    refuse(place, 'an integer up to 2^53 - 1 (more only as bigint, not from JSON)', value);
  }
  const whole = BigInt(value);
  if (whole < 0n || whole >> 64n !== 0n) refuse(place, 'an integer of 64 bits', value);
  return {high: Number(whole >> 32n), low: Number(whole & 0xffff_ffffn)};
}

function refuse(place: string, expected: string, found: unknown): never {
  throw new MinicontainerError(
    'ESECCOMP',
    `seccomp: ${place}: expected ${expected}, found ${String(found)}`,
  );
}
