import {availableParallelism} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import {
  type Arrival,
  BlobRestarted,
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
import {Turns} from './turns.ts';

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
  /** A layer's blob that is still coming. */
  readonly arriving?: (layer: Descriptor) => Arrival | undefined;
  /** Told at once when a layer has failed: the others are waited for. */
  readonly onFailure?: (error: unknown) => void;
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
  const {store, ids, lease, arriving, onFailure, progress} = options;
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
  let failure: {readonly error: unknown} | undefined;
  for (const [index, layer] of layers.entries()) {
    const name = names[index] ?? '';
    const below = [...under];
    const arrival = arriving?.(layer);
    const unpacked = (async () => {
      await arrival?.reach(1);
      await using turn = await turns.take();
      const tell = teller(layer, store.blobPath(layer.digest), progress, arrival);
      const add = (coming?: Arrival) =>
        snapshots.add(name, {
          source: () =>
            layerStream(store, layer, diffIds[index] ?? layer.digest, {arrival: coming}),
          // Who waits for others takes no turn from them: for another process, which may wait for ours, or for
          // layers below, which are larger at times.
          pause: turn.pause,
          lowers: async () => {
            await turn.pause(() => Promise.all(below));
            return names.slice(0, index).map((lower) => snapshots.pathOf(lower));
          },
          onBytes: tell.unpacking,
          entryLimit: entryLimitOf(layer),
          signal,
        });
      const result = await (arrival === undefined ? add() : asItComes(arrival, add));
      tell.end(result.unpacked);
      return result;
    })();
    unpacked.catch((error: unknown) => {
      failure ??= {error};
      stop.abort(error);
      onFailure?.(error);
    });
    under.push(unpacked);
  }
  // All have ended then: nothing is unpacked behind the back of an error. What fails later was told to stop.
  await Promise.allSettled(under);
  if (failure !== undefined) throw failure.error;
  const results = await Promise.all(under);
  new SnapshotIndex(store.root).markChain(names);
  return sum(results);
}

/**
 * Unpacks a blob that is still coming. Where that fails the bytes may be to blame, and who fetches them knows
 * best; where they were fetched anew meanwhile, say from another mirror, the blob that is there is unpacked.
 */
async function asItComes(
  arrival: Arrival,
  add: (coming?: Arrival) => Promise<UnpackedSnapshot>,
): Promise<UnpackedSnapshot> {
  const {restarts} = arrival;
  try {
    return await add(arrival);
  } catch (error) {
    await arrival.whole;
    if (arrival.restarts > restarts || error instanceof BlobRestarted) return await add();
    throw error;
  }
}

/** A header has 512 bytes, and nothing compresses many files to so few as this for each. */
function entryLimitOf({size}: Descriptor): number {
  return 30_000 + Math.ceil(size / 64);
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
  arrival: Arrival | undefined,
) {
  const id = shortDigest(digest);
  let bytes = 0;
  let totalBytes = 0;
  const unpacking = (added: number) => {
    bytes += added;
    // Until then its line tells how much has come.
    if (progress === undefined || arrival?.isSettled === false) return;
    totalBytes ||= expectedSize(blobPath);
    progress({id, phase: 'unpacking', currentBytes: bytes, totalBytes});
  };
  arrival?.whole.then(
    () => bytes > 0 && unpacking(0),
    () => undefined,
  );
  return {
    unpacking,
    end(unpacked: boolean) {
      const phase = unpacked ? 'done' : 'exists';
      progress?.({id, phase, currentBytes: size, totalBytes: size});
    },
  };
}
