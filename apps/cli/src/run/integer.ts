import {quoted, refuse} from './refuse.ts';

/** A whole number as a flag gives it; both bounds count as in. */
export function integer(
  text: string,
  flag: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  throw refuse(`${flag} ${quoted(text)} is not a whole number ${range}`);
}
