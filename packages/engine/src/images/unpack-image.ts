import {availableParallelism} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import {
  chainIds,
  type Descriptor,
  type Digest,
  expectedSize,
  hexOf,
  type ImageStore,
  type Lease,
  layerStream,
  type ProgressListener,
  shortDigest,
} from '@minicontainer/image';
import {
  type Omissions,
  SnapshotIndex,
  Snapshots,
  type UnpackedSnapshot,
} from '@minicontainer/rootfs';
import type {LayerIds} from '../image/ids-key.ts';
import {treeOwner} from './tree-owner.ts';

/** The kernel stacks more, but what others make has as many at most (containers/storage, moby). */
const layerLimit = 128;

/** The layers of one image, lowest first. */
export interface ImageLayers {
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly Digest[];
}

export interface UnpackImageOptions {
  readonly store: ImageStore;
  readonly ids: LayerIds;
  readonly lease: Lease;
  /** Comes when a layer's blob is in the store; unless given, all are. */
  readonly whenThere?: (layer: Descriptor) => Promise<unknown>;
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks the layers of an image that are not unpacked yet, several at once: a layer waits for those below
 * it only where it needs them.
 *
 * @returns what was left out, or is other than the image says
 * @throws {MinicontainerError} `EUNPACK`, `EDIGEST`, `ECOMPRESSION`, `ETAR`, `ESTORE`
 */
export async function unpackImage(
  {layers, diffIds}: ImageLayers,
  options: UnpackImageOptions,
): Promise<Omissions> {
  const {store, ids, lease, whenThere, progress} = options;
  if (layers.length > layerLimit) {
    throw new MinicontainerError(
      'EIMAGE',
      `it has ${layers.length} layers, ${layerLimit} at most`,
      {
        hint: 'flatten it: build it in fewer steps, or squash it',
      },
    );
  }
  const names = chainIds(diffIds).map((chain) => `${hexOf(chain)}${ids.key}`);
  await lease.protect({snapshots: names});
  const snapshots = new Snapshots(store.root, treeOwner(ids));
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const turns = new Turns(Math.max(2, availableParallelism()));
  const under: Promise<UnpackedSnapshot>[] = [];
  for (const [index, layer] of layers.entries()) {
    const name = names[index] ?? '';
    const below = [...under];
    const unpacked = (async () => {
      await whenThere?.(layer);
      await using turn = await turns.take();
      const tell = teller(layer, store.blobPath(layer.digest), progress);
      const result = await snapshots.add(name, {
        source: () => layerStream(store, layer, diffIds[index] ?? layer.digest),
        lowers: async () => {
          // Who waits for others takes no turn from them: small layers are there before those below.
          await turn.pause(() => Promise.all(below));
          return names.slice(0, index).map((lower) => snapshots.pathOf(lower));
        },
        onBytes: tell.unpacking,
        entryLimit: entryLimitOf(layer),
        signal,
      });
      tell.end(result.unpacked);
      return result;
    })();
    unpacked.catch(() => stop.abort());
    under.push(unpacked);
  }
  const results = await allSettled(under);
  new SnapshotIndex(store.root).markChain(names);
  return sum(results);
}

/** A header has 512 bytes, and nothing compresses many files to so few as this for each. */
function entryLimitOf({size}: Descriptor): number {
  return 30_000 + Math.ceil(size / 64);
}

/** All have ended when this does: nothing is unpacked behind the back of an error. */
async function allSettled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const failures = results.filter((result) => result.status === 'rejected');
  // Those that were told to stop say only that.
  const own = failures.find(({reason}) => reason instanceof MinicontainerError) ?? failures[0];
  if (own !== undefined) throw own.reason;
  return Promise.all(promises);
}

function sum(results: readonly UnpackedSnapshot[]): Omissions {
  return results.reduce(
    (total, {omissions: {devices, squashedOwners}}) => ({
      devices: total.devices + devices,
      squashedOwners: total.squashedOwners + squashedOwners,
    }),
    {devices: 0, squashedOwners: 0},
  );
}

function teller(
  {digest, size}: Descriptor,
  blobPath: string,
  progress: ProgressListener | undefined,
) {
  const id = shortDigest(digest);
  const totalBytes = progress === undefined ? 0 : expectedSize(blobPath);
  let bytes = 0;
  return {
    unpacking(added: number) {
      bytes += added;
      progress?.({id, phase: 'unpacking', currentBytes: bytes, totalBytes});
    },
    end(unpacked: boolean) {
      const phase = unpacked ? 'done' : 'exists';
      progress?.({id, phase, currentBytes: size, totalBytes: size});
    },
  };
}

/** As many at once as there are; who comes first is served first. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<Turn> {
    await this.#next();
    return {
      pause: async (until) => {
        this.#pass();
        await until().finally(() => this.#next());
      },
      [Symbol.asyncDispose]: async () => this.#pass(),
    };
  }

  async #next(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

interface Turn extends AsyncDisposable {
  /** Lets others work until something has come. */
  pause(until: () => Promise<unknown>): Promise<void>;
}
