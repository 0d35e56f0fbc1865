import {quoted, refuse} from './refuse.ts';

/** Docker's sizes: `64m`, `64MB`, `64MiB` are the same, powers of 1024. */
export function sizeBytes(size: string, flag: string, example = '64m'): number {
  const match = /^(\d+\.?\d*|\.\d+)\s*([kmgtp]?)(?:i?b)?$/i.exec(size);
  if (match === null) throw refuse(`${flag}: ${quoted(size)} is no size`, `for example ${example}`);
  const [, number = '0', unit = ''] = match;
  return Math.floor(Number(number) * 1024 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' '));
}
