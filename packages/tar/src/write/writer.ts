import {MinicontainerError} from '@minicontainer/errors';
import {displayName} from '../entry/display-name.ts';
import type {NewEntry} from './entry.ts';
import {tarEnd, tarHeader, tarPadding} from './header.ts';

/** Writes an archive, entry by entry, no faster than it is taken. */
export class TarWriter {
  readonly #write: (chunk: Buffer) => Promise<void> | void;

  /** @param write takes the next bytes; what it returns is awaited */
  constructor(write: (chunk: Buffer) => Promise<void> | void) {
    this.#write = write;
  }

  /**
   * @param data exactly `entry.size` bytes; the size of a buffer is known
   * @throws {MinicontainerError} `ETAR` when the data is shorter or longer
   */
  async add(
    entry: NewEntry,
    data: Buffer | AsyncIterable<Buffer> = Buffer.alloc(0),
  ): Promise<void> {
    const isBuffer = Buffer.isBuffer(data);
    const size = isBuffer ? data.length : (entry.size ?? 0);
    await this.#write(tarHeader({...entry, size}));
    let written = 0;
    for await (const chunk of isBuffer ? [data] : data) {
      written += chunk.length;
      if (written > size) break;
      if (chunk.length > 0) await this.#write(chunk);
    }
    if (written !== size) {
      const relation = written > size ? 'more' : `${written}`;
      throw new MinicontainerError(
        'ETAR',
        `tar entry ${displayName(entry.path)} was to have ${size} bytes and had ${relation}`,
      );
    }
    const padding = tarPadding(size);
    if (padding.length > 0) await this.#write(padding);
  }

  /** Ends the archive. */
  async end(): Promise<void> {
    await this.#write(tarEnd());
  }
}
