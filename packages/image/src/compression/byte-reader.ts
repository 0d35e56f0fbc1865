/** Takes exact numbers of bytes out of chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next bytes, which stay the next; fewer at the end. */
  async peek(count: number): Promise<Buffer> {
    if (this.#bytes.length < count) await this.#gather(count);
    return this.#bytes.subarray(0, count);
  }

  /** The next bytes; fewer at the end. */
  async take(count: number): Promise<Buffer> {
    const taken = await this.peek(count);
    this.#bytes = this.#bytes.subarray(taken.length);
    return taken;
  }

  /** Passes over bytes, however many, without keeping them. @returns how many there were */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    while (skipped < count) {
      const {length} = await this.take(Math.min(count - skipped, 65_536));
      if (length === 0) break;
      skipped += length;
    }
    return skipped;
  }

  async #gather(count: number): Promise<void> {
    const parts = [this.#bytes];
    for (let length = this.#bytes.length; length < count; ) {
      const {done, value} = await this.#chunks.next();
      if (done === true) break;
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.length));
      length += value.length;
    }
    this.#bytes = Buffer.concat(parts);
  }
}
