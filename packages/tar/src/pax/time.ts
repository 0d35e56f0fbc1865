import {refuse} from '../refusal.ts';

/**
 * A time of PAX: decimal seconds with any number of digits behind the point, and a sign.
 *
 * Digits beyond nanoseconds are dropped, downwards also before 1970.
 */
export function parseTime(text: string): {seconds: number; nanoseconds: number} {
  const match = /^(-?)([0-9]{1,16})(?:\.([0-9]*))?$/.exec(text);
  if (match === null) refuse('has a time that is not a number');
  const [, sign, whole = '', fraction = ''] = match;
  const seconds = Number(whole);
  if (!Number.isSafeInteger(seconds)) refuse('has a time that is too large');
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'));
  if (sign === '') return {seconds, nanoseconds};
  const cut = /[1-9]/.test(fraction.slice(9)) ? 1 : 0;
  const back = nanoseconds + cut;
  // Plus zero: minus zero is a value of its own.
  if (back === 0) return {seconds: 0 - seconds, nanoseconds: 0};
  return {seconds: -seconds - 1, nanoseconds: 1_000_000_000 - back};
}
