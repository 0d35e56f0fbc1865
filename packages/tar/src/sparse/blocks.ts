import {blockSize} from '../header/block.ts';
import {readCount} from '../header/numbers.ts';
import {refuse} from '../refusal.ts';

// struct oldgnu_header and struct sparse_header of GNU's tar.h: twelve octal digits a number.
const digits = 12;
const inHeader = {start: 386, count: 4, more: 482};
const inExtension = {start: 0, count: 21, more: 504};

/** Size of the whole file, in a header of type `S`. */
export function readSparseSize(block: Buffer, start: number): number {
  return readCount(block, start + 483, digits, 'sparse size');
}

/**
 * Adds the pieces that a block of the old GNU format names.
 *
 * @param kind the header itself, or an extension block behind it
 * @returns whether another extension block follows
 */
export function readSparseBlock(
  block: Buffer,
  start: number,
  kind: 'header' | 'extension',
  pairs: number[],
): boolean {
  const layout = kind === 'header' ? inHeader : inExtension;
  for (let index = 0; index < layout.count; index++) {
    const at = start + layout.start + index * 2 * digits;
    if (block[at + digits] === 0) break;
    pairs.push(readCount(block, at, digits, 'sparse offset'));
    pairs.push(readCount(block, at + digits, digits, 'sparse length'));
  }
  return block[start + layout.more] !== 0;
}

/** Reads a map of version 1.0 from the blocks before the data: a count, then pairs, a line each. */
export class SparseMapText {
  readonly pairs: number[] = [];
  readonly #limit: number;
  #expected: number | undefined;
  #value = 0;
  #digits = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns whether the map is complete; the rest of its last block is filled up with anything */
  take(block: Buffer, start: number): boolean {
    for (let at = start; at < start + blockSize; at++) {
      const byte = block[at] ?? 0;
      if (byte !== 0x0a) this.#addDigit(byte - 0x30);
      else if (this.#endLine()) return true;
    }
    return false;
  }

  #addDigit(digit: number): void {
    this.#value = this.#value * 10 + digit;
    this.#digits++;
    if (digit < 0 || digit > 9 || !Number.isSafeInteger(this.#value) || this.#digits > 20) {
      refuse('has a sparse map with something else than numbers');
    }
  }

  #endLine(): boolean {
    if (this.#digits === 0) refuse('has a sparse map with an empty line');
    if (this.#expected === undefined) {
      if (this.#value > this.#limit)
        refuse(`has a sparse map with more than ${this.#limit} pieces`);
      this.#expected = this.#value * 2;
    } else this.pairs.push(this.#value);
    this.#value = 0;
    this.#digits = 0;
    return this.pairs.length === this.#expected;
  }
}
