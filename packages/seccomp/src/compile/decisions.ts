import type {KnownArchitecture} from '../architectures.ts';
import {multiplexed} from '../numbers/multiplexed.ts';
import {armPrivateCalls, syscallNumbers} from '../numbers/table.ts';
import {type Condition, foregone, isCall} from './condition.ts';
import type {ReadRule} from './rules.ts';

/** What a call is answered with: one value whatever its arguments are, or by them. */
export type Decision = number | ByArguments;

export interface ByArguments {
  /** The first of which all conditions hold decides. */
  readonly alternatives: readonly Alternative[];
  readonly otherwise: number;
  /** Whether arguments are compared in all 64 bits. */
  readonly wide: boolean;
}

export interface Alternative {
  readonly conditions: readonly Condition[];
  readonly result: number;
}

/** An architecture's share of a filter. */
export interface Decisions {
  readonly byNumber: ReadonlyMap<number, Decision>;
  /** The largest number that a rule names; undefined where none is of this architecture. */
  readonly last: number | undefined;
}

/** What the rules say of each call that this architecture has. */
export function decide(
  rules: readonly ReadRule[],
  architecture: KnownArchitecture,
  otherwise: number,
): Decisions {
  const numbers = syscallNumbers(architecture);
  const wide = architecture === 'SCMP_ARCH_X86_64' || architecture === 'SCMP_ARCH_AARCH64';
  const always = new Map<number, number>();
  const byArguments = new Map<number, Alternative[]>();
  const named: number[] = [];
  let last: number | undefined;

  const add = (number: number, given: readonly Condition[], result: number): void => {
    if (always.has(number)) return;
    if (given.some((condition) => foregone(condition, wide) === false)) return;
    const conditions = given.filter((condition) => foregone(condition, wide) === undefined);
    if (conditions.length === 0) {
      always.set(number, result);
      byArguments.delete(number);
      return;
    }
    const alternatives = byArguments.get(number) ?? [];
    alternatives.push({conditions, result});
    byArguments.set(number, alternatives);
  };

  for (const {names, result, alternatives} of rules) {
    for (const name of names) {
      const number = numbers.get(name);
      if (number !== undefined) {
        if (isOrdinary(number, architecture)) last = Math.max(last ?? 0, number);
        else named.push(number);
        // A rule that does what happens anyway is none, and stands in no other's way.
        if (result !== otherwise) {
          for (const conditions of alternatives) add(number, conditions, result);
        }
      }
      const other = architecture === 'SCMP_ARCH_X86' ? multiplexed.get(name) : undefined;
      const through = other && numbers.get(other.through);
      if (other === undefined || through === undefined) continue;
      last = Math.max(last ?? 0, through);
      if (result === otherwise) continue;
      for (const conditions of alternatives) {
        // Argument 0 says which call; the call's own lie in memory that no filter can read.
        const rest = conditions.filter(({index}) => index !== 0);
        add(through, [isCall(other.call), ...rest], result);
      }
    }
  }

  const byNumber = new Map<number, Decision>(named.map((number) => [number, otherwise]));
  for (const [number, result] of always) byNumber.set(number, result);
  for (const [number, alternatives] of byArguments) {
    byNumber.set(number, {alternatives, otherwise, wide});
  }
  return {byNumber, last};
}

/** Whether numbers above it would be newer calls: arm's private ones are far above all others. */
function isOrdinary(number: number, architecture: KnownArchitecture): boolean {
  return architecture !== 'SCMP_ARCH_ARM' || number < armPrivateCalls;
}
