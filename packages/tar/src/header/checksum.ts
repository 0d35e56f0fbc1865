import {refuse} from '../refusal.ts';
import {blockSize, fields} from './block.ts';
import {readNumber} from './numbers.ts';

/**
 * Refuses a block whose sum is not its own.
 *
 * Some historic writers summed signed bytes; both sums count (tar(5)).
 */
export function checkSum(block: Buffer, start: number): void {
  const [at, length] = fields.checksum;
  const stored = readNumber(block, start + at, length, 'checksum');
  // The field itself counts as eight spaces.
  let sum = sumOfBlock(block, start) + 8 * 0x20;
  for (let index = 0; index < length; index++) sum -= block[start + at + index] ?? 0;
  if (stored !== sum && stored !== sum - 256 * countHigh(block, start)) {
    refuse('has a header with a wrong checksum');
  }
}

// Four bytes at a time in two lanes of 16 bits: 128 words of twice 255 just fit. Bytes one by one are half
// of the time that a whole archive takes.
function sumOfBlock(block: Buffer, start: number): number {
  const offset = block.byteOffset + start;
  if (offset % 4 !== 0) return sumOfBytes(block, start);
  let lanes = 0;
  for (const word of new Uint32Array(block.buffer, offset, blockSize / 4)) {
    if (word !== 0) lanes += (word & 0xff00ff) + ((word >>> 8) & 0xff00ff);
  }
  return (lanes & 0xffff) + (lanes >>> 16);
}

function sumOfBytes(block: Buffer, start: number): number {
  let sum = 0;
  for (let at = start; at < start + blockSize; at++) sum += block[at] ?? 0;
  return sum;
}

/** Bytes that are negative where they are signed, the field itself left out. */
function countHigh(block: Buffer, start: number): number {
  const [at, length] = fields.checksum;
  let count = 0;
  for (let index = 0; index < blockSize; index++) {
    if (index < at || index >= at + length) count += (block[start + index] ?? 0) >> 7;
  }
  return count;
}
