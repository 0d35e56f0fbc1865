import {ArgumentError} from './argument-error.ts';
import {kindOf, type Value} from './value.ts';

/** Go's comparisons: of two values of one kind; `eq` takes several, one of which the first has to be. */
export const comparisons = {
  eq: (first: Value, ...others: Value[]): boolean => {
    if (others.length === 0) throw new ArgumentError('it takes two values or more');
    return others.some((other) => order(first, other) === 0);
  },
  ne: (one: Value, other: Value): boolean => order(one, other) !== 0,
  lt: (one: Value, other: Value): boolean => order(one, other) < 0,
  le: (one: Value, other: Value): boolean => order(one, other) <= 0,
  gt: (one: Value, other: Value): boolean => order(one, other) > 0,
  ge: (one: Value, other: Value): boolean => order(one, other) >= 0,
};

function order(one: Value, other: Value): number {
  if (one === other) return 0;
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : 1;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'boolean' && typeof other === 'boolean') return Number(one) - Number(other);
  throw new ArgumentError(`${kindOf(one)} and ${kindOf(other)} cannot be compared`);
}
