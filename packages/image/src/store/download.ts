import {constants, statfsSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {MinicontainerError} from '@minicontainer/errors';
import type {Digest} from '../digest/digest.ts';
import {type Digester, digesterLike} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import {explainStore, fullDiskHint} from './failure.ts';

/** Bytes of a blob from an offset on: as asked, or from zero where the source cannot begin there. */
export interface FetchedBody {
  readonly offset: number;
  readonly body: AsyncIterable<Uint8Array>;
}

export type FetchFrom = (offset: number) => Promise<FetchedBody>;

export type TellPhase = (phase: 'waiting' | 'downloading' | 'verifying', bytes: number) => void;

/** Says that the file at this path has so many bytes of the blob; fewer than before when it begins anew. */
export type TellGrowth = (path: string, bytes: number) => void;

const chunkBytes = 1024 * 1024;

/** A file that grows towards a blob, and the digest of what is in it. Its lock is somebody else's matter. */
export class Download implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #descriptor: Descriptor;
  readonly #tell: TellPhase;
  readonly #grow: TellGrowth;
  #digester: Digester;

  private constructor(
    file: FileHandle,
    path: string,
    descriptor: Descriptor,
    tell: TellPhase,
    grow: TellGrowth,
  ) {
    this.#file = file;
    this.#path = path;
    this.#descriptor = descriptor;
    this.#tell = tell;
    this.#grow = grow;
    this.#digester = digesterLike(descriptor.digest);
  }

  static async open(
    path: string,
    descriptor: Descriptor,
    tell: TellPhase,
    grow: TellGrowth = () => {},
  ): Promise<Download> {
    return new Download(await open(path, constants.O_RDWR), path, descriptor, tell, grow);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  /** @throws {MinicontainerError} as `ingest`; and what `fetch` and its body throw, unchanged */
  async complete(fetch: FetchFrom, signal?: AbortSignal): Promise<void> {
    const {digest} = this.#descriptor;
    const wasThere = await this.#takeWhatIsThere();
    this.#requireSpace();
    let found = await this.#fetchRest(fetch, signal);
    if (found !== digest && wasThere > 0) {
      // The part from before may be what is wrong: nothing made sure that it reached the disk.
      await this.#restart();
      found = await this.#fetchRest(fetch, signal);
    }
    if (found === digest) return;
    throw new MinicontainerError('EDIGEST', `blob ${digest} came with other bytes, of ${found}`, {
      hint: 'the registry, a mirror or a proxy is broken, or somebody changed it on the way',
    });
  }

  async #takeWhatIsThere(): Promise<number> {
    const {size} = await this.#file.stat();
    if (size > this.#descriptor.size) await this.#restart();
    else if (size > 0) await this.#digestFile();
    this.#grow(this.#path, this.#digester.length);
    return this.#digester.length;
  }

  async #digestFile(): Promise<void> {
    const buffer = Buffer.allocUnsafeSlow(chunkBytes);
    for (;;) {
      const {bytesRead} = await this.#file.read(buffer, 0, chunkBytes, this.#digester.length);
      if (bytesRead === 0) return;
      this.#digester.update(buffer.subarray(0, bytesRead));
      this.#tell('verifying', this.#digester.length);
    }
  }

  /** To fail at the end of a disk costs the whole download. */
  #requireSpace(): void {
    const missing = this.#descriptor.size - this.#digester.length;
    const {bavail, bsize} = statfsSync(this.#path);
    if (missing <= bavail * bsize) return;
    throw new MinicontainerError(
      'ESTORE',
      `no space for blob ${this.#descriptor.digest}: it needs ${missing} bytes, the disk has ${bavail * bsize}`,
      {hint: fullDiskHint},
    );
  }

  async #fetchRest(fetch: FetchFrom, signal?: AbortSignal): Promise<Digest> {
    const {digest, size} = this.#descriptor;
    if (this.#digester.length < size || size === 0) {
      const {offset, body} = await fetch(this.#digester.length);
      if (offset !== this.#digester.length) {
        if (offset !== 0) throw new RangeError(`blob ${digest} was fetched from ${offset}`);
        await this.#restart();
      }
      for await (const bytes of body) {
        signal?.throwIfAborted();
        await this.#append(bytes);
        this.#tell('downloading', this.#digester.length);
      }
    }
    if (this.#digester.length < size) {
      throw new MinicontainerError(
        'ENETWORK',
        `blob ${digest} ended after ${this.#digester.length} of ${size} bytes`,
      );
    }
    return this.#digester.digest();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const {digest, size} = this.#descriptor;
    const offset = this.#digester.length;
    if (offset + bytes.length > size) {
      throw new MinicontainerError(
        'EDIGEST',
        `blob ${digest} is longer than the ${size} bytes its descriptor says`,
      );
    }
    // In the thread of the file system and in this one, at the same time.
    const written = this.#write(bytes, offset);
    this.#digester.update(bytes);
    await written;
    this.#grow(this.#path, this.#digester.length);
  }

  async #write(bytes: Uint8Array, offset: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const {bytesWritten} = await this.#file.write(
          bytes,
          done,
          bytes.length - done,
          offset + done,
        );
        done += bytesWritten;
      }
    } catch (cause) {
      throw explainStore(cause, this.#path);
    }
  }

  async #restart(): Promise<void> {
    await this.#file.truncate(0);
    this.#digester = digesterLike(this.#descriptor.digest);
    this.#grow(this.#path, 0);
  }
}
