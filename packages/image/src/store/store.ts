import {join} from 'node:path';
import {type FileLock, type LockMode, lockFile} from '@minicontainer/syscalls';
import {type Digest, parseDigest} from '../digest/digest.ts';
import {digestOf} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import type {Platform} from '../manifest/platform.ts';
import {readImage as readImageOf} from '../manifest/resolve.ts';
import {type Arrival, followBlob} from './arrival.ts';
import {blobPath, hasBlob, openBlob, type ReadOptions, readBlob} from './blobs.ts';
import {discardUnused} from './discard.ts';
import type {FetchFrom} from './download.ts';
import {findImage, tryFindImage} from './find.ts';
import {type IngestOptions, ingest, keepBlob} from './ingest.ts';
import {keepStream} from './keep-stream.ts';
import {makeLayout} from './layout.ts';
import {appendToLease, type Lease, makeLeaseFile, type Protected, removeLease} from './leases.ts';
import {type ContainerImage, readContainers} from './marks.ts';
import {isOciIndexStale, writeOciIndex} from './oci-index.ts';
import {forgetImage, readImage, readImages, writeImage} from './refs.ts';
import {type StoredImage, storedImage, withoutName} from './stored-image.ts';
import {removeRubbish, type SweepOptions, type Swept, takeOutOfUse} from './sweep.ts';
import {measureStore, type Usage} from './usage.ts';

/** What a name is to stand for. */
export interface NamedImage {
  /** As pulled: of the index, or of the manifest itself. */
  readonly digest: Digest;
  /** Of one platform's image. Its blob and that of its configuration are in the store. */
  readonly manifest: Descriptor;
  /** As the index says, which may know more than the configuration. */
  readonly platform?: Platform | undefined;
}

/**
 * The images of one user on this machine. Many processes may use one store at once.
 *
 * @param root made where it is missing; `callerState()` of the engine
 * @throws {MinicontainerError} `ESTORE` where it is another user's, or cannot be made
 */
export function openStore(root: string): ImageStore {
  makeLayout(root);
  return new ImageStore(root);
}

/** Long enough for all that is done under the lock: what holds it longer is stopped or stuck. */
const lockTimeoutMs = 60_000;

export class ImageStore {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  blobPath(digest: Digest): string {
    return blobPath(this.root, digest);
  }

  hasBlob(descriptor: Descriptor): boolean {
    return hasBlob(this.root, descriptor);
  }

  /** The bytes of a blob of at most 8 MiB, verified. */
  readBlob(descriptor: Descriptor): Promise<Buffer> {
    return readBlob(this.root, descriptor);
  }

  /** The bytes of a blob, which are not verified before the last one was taken. */
  openBlob(descriptor: Descriptor, options?: ReadOptions): AsyncGenerator<Buffer, void, undefined> {
    return openBlob(this.root, descriptor, options);
  }

  /** The bytes of a blob while it comes, which are not verified before the last one was taken. */
  followBlob(
    descriptor: Descriptor,
    arrival: Arrival,
    options?: ReadOptions,
  ): AsyncGenerator<Buffer, void, undefined> {
    return followBlob(this.root, descriptor, arrival, options);
  }

  /** Keeps bytes. A sweep may take them before they have a name, unless a lease protects them. */
  async writeBlob(bytes: Uint8Array, mediaType: string, lease?: Lease): Promise<Descriptor> {
    const descriptor = Object.freeze({mediaType, digest: digestOf(bytes), size: bytes.length});
    await lease?.protect({blobs: [descriptor.digest]});
    await keepBlob(this.root, descriptor, bytes);
    return descriptor;
  }

  /** Gets a blob from elsewhere, once for all processes. A lease is to protect it before. */
  ingest(
    descriptor: Descriptor,
    fetch: FetchFrom,
    options?: IngestOptions,
  ): Promise<'fetched' | 'present'> {
    return ingest(this.root, descriptor, fetch, options);
  }

  /** Keeps bytes as they come, whose digest is not known before they have come. */
  keepStream(
    body: AsyncIterable<Uint8Array>,
    mediaType: string,
    lease: Lease,
  ): Promise<Descriptor> {
    return keepStream(this.root, body, mediaType, lease);
  }

  /** Removes those of some blobs that no name, no container and no lease reaches. */
  async discardUnused(digests: Iterable<Digest>): Promise<void> {
    using _lock = await this.lock('exclusive');
    discardUnused(this.root, digests);
  }

  /** All images, each under each of its names. */
  names(): readonly StoredImage[] {
    return readImages(this.root);
  }

  /** The image that a person means by a name or by the beginning of an id. */
  find(text: string): StoredImage {
    return findImage(this.root, text);
  }

  tryFind(text: string): StoredImage | undefined {
    return tryFindImage(this.root, text);
  }

  /** The image of a name as `fullName` has it. */
  get(name: string): StoredImage | undefined {
    return readImage(this.root, name);
  }

  /** What containers there are use. */
  containers(): readonly ContainerImage[] {
    return readContainers(this.root);
  }

  /**
   * Lets a name stand for an image; one that loses its last name thereby is kept without a name.
   *
   * @param name as `fullName` has it; none keeps the image without one, unless it has one
   * @throws {MinicontainerError} `ESTORE` or `EDIGEST` when its manifest or configuration is not in the store
   */
  async setName(
    name: string | undefined,
    image: NamedImage,
    held?: Disposable,
  ): Promise<StoredImage> {
    const {platform, digest} = image;
    const content = await readImageOf(image.manifest, (descriptor) => this.readBlob(descriptor));
    const stored = storedImage(name, parseDigest(digest), content, platform);
    await this.#changeNames(() => {
      const before = name === undefined ? undefined : readImage(this.root, name);
      writeImage(this.root, stored);
      const there = readImages(this.root);
      if (before !== undefined && !there.some((other) => isSame(other, before))) {
        writeImage(this.root, withoutName(before));
      }
      const same = there.filter((other) => isSame(other, stored));
      const nameless = same.find((other) => other.name === undefined);
      if (nameless !== undefined && same.length > 1) forgetImage(this.root, nameless);
    }, held);
    return stored;
  }

  /** Takes a name from its image. What had no other name is removed by the next sweep. */
  async removeName(name: string, held?: Disposable): Promise<StoredImage | undefined> {
    let before: StoredImage | undefined;
    await this.#changeNames(() => {
      before = readImage(this.root, name);
      if (before !== undefined) forgetImage(this.root, before);
    }, held);
    return before;
  }

  async lease(): Promise<Lease> {
    using _lock = await this.lock('shared');
    const {path, lock} = makeLeaseFile(this.root);
    return {
      protect: async (things: Protected) => {
        using _held = await this.lock('shared');
        appendToLease(path, things);
      },
      [Symbol.asyncDispose]: async () => {
        removeLease(path);
        lock[Symbol.dispose]();
      },
    };
  }

  /**
   * Locks the store for a short time: shared to make something used, alone to remove what is not used.
   *
   * @throws {MinicontainerError} `ESTORE` when another process holds it for a minute
   */
  async lock(mode: LockMode, signal?: AbortSignal): Promise<Disposable> {
    const lock = await this.#lockInTurn(mode, signal);
    if (isOciIndexStale(this.root)) {
      // Who changed a name was killed before it wrote the index.
      using _refs = await this.#lockFile('refs.lock', 'exclusive', signal);
      writeOciIndex(this.root);
    }
    return lock;
  }

  /** Removes what no name, no container and no running process reaches; safe while pulls run. */
  async sweep(options: SweepOptions = {}): Promise<Swept> {
    const lock = await this.lock('exclusive');
    let rubbish: ReturnType<typeof takeOutOfUse>;
    try {
      rubbish = takeOutOfUse(this.root, options);
    } finally {
      lock[Symbol.dispose]();
    }
    return await removeRubbish(rubbish, options.trees);
  }

  /** Every byte under the root, by what lies there. */
  usage(): Promise<ReadonlyMap<string, Usage>> {
    return measureStore(this.root);
  }

  /** @param held the store's lock, where the caller has it */
  async #changeNames(change: () => void, held?: Disposable): Promise<void> {
    using _lock = held === undefined ? await this.lock('shared') : undefined;
    // One at a time: who is last writes an index of all.
    using _refs = await this.#lockFile('refs.lock', 'exclusive');
    change();
    writeOciIndex(this.root);
  }

  /** Who wants it alone keeps others from coming while it waits: of many, some would always be there. */
  async #lockInTurn(mode: LockMode, signal?: AbortSignal): Promise<FileLock> {
    using _gate = await this.#lockFile('gate.lock', mode, signal);
    return await this.#lockFile('lock', mode, signal);
  }

  async #lockFile(name: string, mode: LockMode, signal?: AbortSignal): Promise<FileLock> {
    return await lockFile(join(this.root, name), mode, {signal, timeoutMs: lockTimeoutMs});
  }
}

function isSame(one: StoredImage, other: StoredImage): boolean {
  return one.manifest.digest === other.manifest.digest;
}
