import {MinicontainerError} from '@minicontainer/errors';
import type {DeviceRule} from '@minicontainer/spec';

/** linux/bpf.h, BPF_DEVCG_ACC_*. */
const accessBits: Readonly<Record<string, number>> = {m: 1, r: 2, w: 4};
export const everyAccess = 7;

/** A rule whose open ends are closed: which accesses, and undefined for all types or numbers. */
export interface ReadRule {
  readonly allow: boolean;
  readonly type: 'c' | 'b' | undefined;
  readonly major: number | undefined;
  readonly minor: number | undefined;
  /** Bits of `everyAccess`. */
  readonly access: number;
}

/**
 * @throws {MinicontainerError} `EDEVICE` for numbers that no device has, for accesses other than r, w
 *   and m, and for a rule that allows without saying what, as runc has it
 */
export function readRules(rules: readonly DeviceRule[]): ReadRule[] {
  return rules.map((rule, index) => {
    const {allow, type = 'a', access = ''} = rule;
    const bits = access === '' ? everyAccess : accessOf(access, index);
    if (allow && access === '') throw refuse(index, 'allows, but says no access', 'r, w, m or rwm');
    return {
      allow,
      type: type === 'a' ? undefined : type,
      major: numberOf(rule.major, index),
      minor: numberOf(rule.minor, index),
      access: bits,
    };
  });
}

/** `rwm`, in the order in which the kernel shows them. */
export function accessLetters(access: number): string {
  return ['r', 'w', 'm'].filter((letter) => (accessBits[letter] ?? 0) & access).join('');
}

/** All types, all numbers, all accesses. */
export function isForAll({type, major, minor, access}: ReadRule): boolean {
  return type === undefined && major === undefined && minor === undefined && access === everyAccess;
}

export function refuse(index: number, message: string, hint: string): MinicontainerError {
  const place = `linux.resources.devices[${index}]`;
  return new MinicontainerError('EDEVICE', `${place}: ${message}`, {hint});
}

function accessOf(access: string, index: number): number {
  let bits = 0;
  for (const letter of access) {
    const bit = accessBits[letter];
    if (bit === undefined) {
      throw refuse(index, `${JSON.stringify(letter)} is no access`, 'use r, w and m');
    }
    bits |= bit;
  }
  return bits;
}

function numberOf(number: number | undefined, index: number): number | undefined {
  if (number === undefined || number === -1) return undefined;
  if (Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff) return number;
  throw refuse(index, `${number} is no number of a device`, 'leave it out for all of them');
}
