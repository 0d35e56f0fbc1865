import {refuse} from '../refusal.ts';

/**
 * A numeric field: octal digits between blanks, or base-256 where its first bit is set.
 *
 * @throws {TarRefusal} for other characters, or beyond what a number of JavaScript holds exactly
 * @see tar(5), "Numeric Extensions"
 */
export function readNumber(block: Buffer, start: number, length: number, what: string): number {
  if ((block[start] ?? 0) >= 0x80) return readBase256(block, start, length, what);
  const end = start + length;
  let at = start;
  while (at < end && isBlank(block[at] ?? 0)) at++;
  let value = 0;
  for (; at < end; at++) {
    const byte = block[at] ?? 0;
    if (isBlank(byte)) break;
    if (byte < 0x30 || byte > 0x37) refuse(`has a ${what} that is not an octal number`);
    value = value * 8 + (byte - 0x30);
  }
  return value;
}

/** As `readNumber`, and never negative. */
export function readCount(block: Buffer, start: number, length: number, what: string): number {
  const value = readNumber(block, start, length, what);
  if (value < 0) refuse(`has a negative ${what}`);
  return value;
}

/** Digits as PAX writes them, and nothing else. */
export function parseCount(text: string, what: string): number {
  if (!/^[0-9]{1,20}$/.test(text)) refuse(`has a ${what} that is not a number`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) refuse(`has a ${what} that is too large`);
  return value;
}

// Two's complement of the remaining seven bits and all bytes after.
function readBase256(block: Buffer, start: number, length: number, what: string): number {
  const first = block[start] ?? 0;
  let value = (first & 0x3f) - (first & 0x40);
  for (let at = start + 1; at < start + length; at++) value = value * 256 + (block[at] ?? 0);
  // Rounding only happens beyond this range, so it cannot bring a value back into it.
  if (!Number.isSafeInteger(value)) refuse(`has a ${what} that is too large`);
  return value;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0;
}
