import {refuse} from './refuse.ts';

/**
 * An integer as the kernel reads it: `String(2 ** 63)` would end in zeros that are not there.
 *
 * @throws {MinicontainerError} `ERESOURCE` when it is no integer, or below the least one
 */
export function decimal(value: number, field: string, least = 0): string {
  if (!Number.isInteger(value) || value < least) {
    throw refuse(field, `${value} is no integer from ${least} on`);
  }
  return BigInt(value).toString();
}

/** A limit where -1 is none: on v2 the word `max`, on v1 the number. */
export function limit(value: number, field: string, version: 1 | 2): string {
  const text = decimal(value, field, -1);
  return value === -1 && version === 2 ? 'max' : text;
}
