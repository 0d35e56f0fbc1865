/**
 * Bytes in units of 8, one value after the other, in a buffer that grows; what a value does not fill is
 * zero. Typed arrays instead of Buffer's methods, and one buffer instead of one for each value, because
 * a plan is encoded once, by code that the engine has not compiled yet. Little-endian as the machines
 * are that there is an nsexec for.
 */
export class WordWriter {
  #bytes = Buffer.alloc(32_768);
  #halves = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length / 4);
  /** In units of 4 bytes; always even. */
  #at = 0;

  get length(): number {
    return this.#at * 4;
  }

  /** 8 bytes: a number below 2^32 twice. Returns where, for `set`. */
  pair(low: number, high: number): number {
    if (this.#at + 2 > this.#halves.length) this.#grow(8);
    const at = this.#at;
    this.#halves[at] = low;
    this.#halves[at + 1] = high;
    this.#at = at + 2;
    return at * 4;
  }

  u64(value: bigint): void {
    this.pair(Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn));
  }

  /** As UTF-8. Returns how many bytes that are, without what fills the last 8. */
  text(value: string): number {
    const most = value.length * 3 + 8;
    if (this.length + most > this.#bytes.length) this.#grow(most);
    const written = this.#bytes.write(value, this.length);
    this.#at += ((written + 7) >> 3) * 2;
    return written;
  }

  /** Fills in four bytes that were not known before. */
  set(at: number, value: number): void {
    this.#halves[at / 4] = value;
  }

  /** All of it, or its first bytes. */
  finish(bytes = this.length): Buffer {
    return this.#bytes.subarray(0, bytes);
  }

  #grow(bytes: number): void {
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, (this.length + bytes + 7) & ~7));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#halves = new Uint32Array(larger.buffer, larger.byteOffset, larger.length / 4);
  }
}
