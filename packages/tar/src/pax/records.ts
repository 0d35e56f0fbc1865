import {refuse} from '../refusal.ts';

/**
 * The records of a PAX header, in their order: `length key=value\n`, where the length counts all of it.
 *
 * @param record is told each key, one character per byte, and where its value is in `data`
 * @see pax(1), "pax Extended Header"
 */
export function eachRecord(
  data: Buffer,
  record: (key: string, start: number, end: number) => void,
): void {
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    const length = space === -1 ? Number.NaN : recordLength(data, at, space);
    const end = at + length;
    // Nineteen digits at most: what does not fit is not even looked for.
    if (!(end <= data.length) || end <= space + 1 || data[end - 1] !== 0x0a) {
      refuse('has a PAX header with a malformed record');
    }
    const equals = data.indexOf(0x3d, space);
    if (equals === -1 || equals >= end || equals === space + 1) {
      refuse('has a PAX header with a record that has no key');
    }
    const key = data.toString('latin1', space + 1, equals);
    if (key.includes('\0')) refuse('has a PAX header with a NUL in a key');
    record(key, equals + 1, end - 1);
    at = end;
  }
}

function recordLength(data: Buffer, start: number, end: number): number {
  if (end === start || end - start > 10) return Number.NaN;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (data[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
