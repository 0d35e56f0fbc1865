import {type Allowance, allowances} from './allowance.ts';
import type {Observation} from './observation.ts';

/**
 * What ours allow and every one of the bar denies, or allows less of, to the same user inside; by the
 * name of ours.
 */
export function weaknesses(observations: readonly Observation[]): Map<string, string[]> {
  const all = allowances(observations);
  const of = (...roles: readonly Observation['role'][]) =>
    observations.filter(({role}) => roles.includes(role));
  return new Map(
    of('ours', 'loose').map(({name, user}) => {
      const bar = of('bar').filter((one) => one.user === user);
      const allowed = bar.flatMap((one) => all.get(one.name) ?? []);
      return [name, beyond(all.get(name) ?? new Map(), allowed)];
    }),
  );
}

/** @returns what one allows beyond the most that any of the others does */
export function beyond(one: Allowance, others: readonly Allowance[]): string[] {
  return [...one].flatMap(([thing, amount]) =>
    others.some((other) => (other.get(thing) ?? Number.NEGATIVE_INFINITY) >= amount) ? [] : [thing],
  );
}
