import {MinicontainerError} from '@minicontainer/errors';
import {returnValue} from './action.ts';
import {type Condition, readCondition} from './condition.ts';
import type {FilterArgument, FilterRule} from './filter.ts';

/** A rule, checked. */
export interface ReadRule {
  readonly names: readonly string[];
  /** What the program returns where it fits. */
  readonly result: number;
  /** It fits where all conditions of one of these hold. */
  readonly alternatives: readonly (readonly Condition[])[];
}

/** @throws {MinicontainerError} `ESECCOMP`, with the place as a JSON pointer */
export function readRule(rule: FilterRule, index: number): ReadRule {
  const place = `/syscalls/${index}`;
  if (rule.names.length === 0) {
    throw new MinicontainerError('ESECCOMP', `seccomp: ${place}/names: expected at least one name`);
  }
  return {
    names: rule.names,
    result: returnValue(rule.action, rule.errnoRet, place),
    alternatives: readAlternatives(rule.args ?? [], `${place}/args`),
  };
}

/**
 * All must hold; but where two are about one argument, any.
 *
 * That is what runc and crun make of such a rule, and profiles are written for them.
 */
function readAlternatives(
  args: readonly FilterArgument[],
  place: string,
): readonly (readonly Condition[])[] {
  const conditions = args.map((argument, index) => readCondition(argument, `${place}/${index}`));
  const differ = new Set(conditions.map(({index}) => index)).size === conditions.length;
  return differ ? [conditions] : conditions.map((condition) => [condition]);
}
