import {
  type Digest,
  familiarName,
  type ImageStore,
  openStore,
  parseReference,
  type StoredImage,
} from '@minicontainer/image';
import {callerState} from '../state.ts';
import {imageUsers, isRunning} from './image-users.ts';
import {measureContents, type StoreContents} from './store-contents.ts';
import {storedTrees} from './stored-trees.ts';

/** One line of `df`. The bytes of all lines are all that is under the root, as du(1) counts it. */
export interface UsageLine {
  readonly kind: 'images' | 'containers' | 'unfinished' | 'other';
  /** How many there are. */
  readonly count: number;
  /** How many of them are in use. */
  readonly active: number;
  /** Of the disk. */
  readonly bytes: number;
  /** What `prune --all` would free of it. */
  readonly reclaimableBytes: number;
}

export interface ImageUsage {
  readonly image: StoredImage;
  /** All its names, as people write them. */
  readonly names: readonly string[];
  /** Of the disk: its blobs, and its layers unpacked. */
  readonly bytes: number;
  /** Of those, what no other image has. */
  readonly uniqueBytes: number;
  /** Ids of the containers that run from it. */
  readonly containers: readonly string[];
}

export interface DiskUsage {
  readonly root: string;
  readonly lines: readonly UsageLine[];
  readonly images: readonly ImageUsage[];
  readonly bytes: number;
}

/**
 * What everything under the state directory takes of the disk, to the last byte.
 *
 * @param root the state directory; the caller's own unless said
 */
export async function diskUsage(root: string = callerState()): Promise<DiskUsage> {
  const store = openStore(root);
  const contents = await measureContents(root, storedTrees(root));
  const images = imagesOf(store, contents);
  const lines = [
    imagesLine(store, images, contents),
    containersLine(store, contents),
    unfinishedLine(contents),
    {kind: 'other', count: 0, active: 0, bytes: contents.otherBytes, reclaimableBytes: 0},
  ] as const;
  return {root, lines, images, bytes: lines.reduce((sum, line) => sum + line.bytes, 0)};
}

/** Each image once, however many names it has. */
function imagesOf(store: ImageStore, contents: StoreContents): ImageUsage[] {
  const users = imageUsers(store);
  const byManifest = new Map<Digest, StoredImage[]>();
  for (const image of store.names()) {
    const {digest} = image.manifest;
    byManifest.set(digest, [...(byManifest.get(digest) ?? []), image]);
  }
  const parts = new Map(
    [...byManifest].map(([digest, [image]]) => [digest, image && partsOf(image, contents)]),
  );
  const owners = new Map<string, number>();
  for (const keys of parts.values()) {
    for (const key of keys?.keys() ?? []) owners.set(key, (owners.get(key) ?? 0) + 1);
  }
  return [...byManifest].flatMap(([digest, named]) => {
    const [image] = named;
    const own = parts.get(digest);
    if (image === undefined || own === undefined) return [];
    const unique = [...own].filter(([key]) => owners.get(key) === 1).map(([, bytes]) => bytes);
    return {
      image,
      names: named.flatMap(({name}) =>
        name === undefined ? [] : familiarName(parseReference(name)),
      ),
      bytes: sum(own.values()),
      uniqueBytes: sum(unique),
      containers: users.get(digest) ?? [],
    };
  });
}

/** Blobs and snapshots that belong to an image, by keys that are the same in others that have them. */
function partsOf(
  {digest, manifest, config, layers, chains}: StoredImage,
  {blobs, snapshots}: StoreContents,
): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  for (const one of [digest, ...[manifest, config, ...layers].map((blob) => blob.digest)]) {
    parts.set(one, blobs.get(one) ?? 0);
  }
  for (const [name, bytes] of snapshots) {
    if (chains.includes(name.replace(/-.*/s, ''))) parts.set(name, bytes);
  }
  return parts;
}

function imagesLine(
  store: ImageStore,
  images: readonly ImageUsage[],
  contents: StoreContents,
): UsageLine {
  const active = images.filter(({containers}) => containers.length > 0);
  const needed = new Map(active.flatMap(({image}) => [...partsOf(image, contents)]));
  for (const {snapshots} of store.containers()) {
    for (const name of snapshots) needed.set(name, contents.snapshots.get(name) ?? 0);
  }
  const bytes = sum(contents.blobs.values()) + sum(contents.snapshots.values());
  return {
    kind: 'images',
    count: images.length,
    active: active.length,
    bytes,
    reclaimableBytes: bytes - sum(needed.values()),
  };
}

/** One that runs is not to be pruned, and one that was killed is what the next `run` removes, or `prune`. */
function containersLine({root}: ImageStore, {containers}: StoreContents): UsageLine {
  const killed = [...containers].filter(([id]) => !isRunning(root, id));
  return {
    kind: 'containers',
    count: containers.size,
    active: containers.size - killed.length,
    bytes: sum(containers.values()),
    reclaimableBytes: sum(killed.map(([, bytes]) => bytes)),
  };
}

function unfinishedLine({unfinished}: StoreContents): UsageLine {
  const bytes = sum(unfinished.values());
  return {kind: 'unfinished', count: unfinished.size, active: 0, bytes, reclaimableBytes: bytes};
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
