import {type FileHandle, open} from 'node:fs/promises';
import {MinicontainerError} from '@minicontainer/errors';
import type {Descriptor} from '../manifest/descriptor.ts';
import {openBlob, type ReadOptions} from './blobs.ts';
import type {TellGrowth} from './download.ts';
import {isMissing} from './failure.ts';

const chunkBytes = 1024 * 1024;

/** A blob on its way into the store, which can be read meanwhile. */
export class Arrival {
  /** Settles when the blob is in the store, verified; or with what that failed of. */
  readonly whole: Promise<unknown>;
  #isSettled = false;
  #path: string | undefined;
  #length = 0;
  #restarts = 0;
  #waiting: {readonly length: number; readonly resolve: () => void} | undefined;

  /** @param fetch gets the blob into the store (`ImageStore.ingest`), and tells how its file grows */
  constructor(fetch: (tell: TellGrowth) => Promise<unknown>) {
    const settle = () => {
      this.#isSettled = true;
      this.#wake();
    };
    this.whole = fetch((path, length) => this.#tell(path, length));
    this.whole.then(settle, settle);
  }

  /** Whether `whole` is. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Of the file that grows; none before its first bytes have come, or when another process fetches it. */
  get path(): string | undefined {
    return this.#path;
  }

  /** How often it began anew, since what was there was not to be believed. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Until the file has so many bytes, or has begun anew. One caller at a time.
   *
   * @throws what the fetching failed of
   */
  async reach(length: number): Promise<void> {
    if (this.#length < length && !this.#isSettled) {
      await new Promise<void>((resolve) => {
        this.#waiting = {length, resolve};
      });
    }
    if (this.#isSettled) await this.whole;
  }

  #tell(path: string, length: number): void {
    const isShorter = length < this.#length;
    if (isShorter) this.#restarts += 1;
    this.#path = path;
    this.#length = length;
    if (isShorter || length >= (this.#waiting?.length ?? 0)) this.#wake();
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

/** Thrown to who has read bytes that have been fetched anew since. */
export class BlobRestarted extends MinicontainerError {
  constructor({digest}: Descriptor) {
    super('ERESTARTED', `blob ${digest} was fetched anew`);
  }
}

/**
 * The bytes of a blob while it comes, from the file that grows: a slow reader holds up no download. Ends when
 * the blob is in the store, verified, and not before.
 *
 * @throws what the fetching failed of; `BlobRestarted`; as `openBlob` where another process fetched it
 */
export async function* followBlob(
  root: string,
  descriptor: Descriptor,
  arrival: Arrival,
  options: ReadOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  await arrival.reach(1);
  const file = await openGrowing(arrival.path);
  let isRead = false;
  try {
    if (file !== undefined) isRead = yield* growing(file, descriptor, arrival, options);
  } finally {
    await file?.close();
  }
  await arrival.whole;
  if (!isRead) yield* openBlob(root, descriptor, options);
}

/** @returns false when the file is not the one: who waits for a blob that has just come makes one of its name */
async function* growing(
  file: FileHandle,
  descriptor: Descriptor,
  arrival: Arrival,
  {reuse = false}: ReadOptions,
): AsyncGenerator<Buffer, boolean, undefined> {
  const {restarts} = arrival;
  let chunk = Buffer.allocUnsafeSlow(chunkBytes);
  for (let at = 0; at < descriptor.size; ) {
    const length = Math.min(chunkBytes, descriptor.size - at);
    await arrival.reach(at + length);
    const {bytesRead} = await file.read(chunk, 0, length, at);
    if (at === 0 && bytesRead < length) return false;
    if (arrival.restarts !== restarts || bytesRead < length) throw new BlobRestarted(descriptor);
    at += length;
    yield chunk.subarray(0, length);
    if (!reuse) chunk = Buffer.allocUnsafeSlow(chunkBytes);
  }
  return true;
}

/** Whoever comes late finds the file in another place. */
async function openGrowing(path: string | undefined): Promise<FileHandle | undefined> {
  if (path === undefined) return undefined;
  try {
    return await open(path, 'r');
  } catch (error) {
    if (!isMissing(error)) throw error;
    return undefined;
  }
}
