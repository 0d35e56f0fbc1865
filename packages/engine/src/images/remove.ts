import {MinicontainerError} from '@minicontainer/errors';
import {
  type Digest,
  familiarName,
  type ImageStore,
  openStore,
  parseReference,
  type StoredImage,
  shortDigest,
} from '@minicontainer/image';
import {sweep} from '../begin.ts';
import {callerState} from '../state.ts';
import {imageUsers} from './image-users.ts';
import {storedTrees} from './stored-trees.ts';

export interface RemoveImagesOptions {
  /** Removes all names of an image that is named by its id. */
  readonly force?: boolean;
  /** The state directory; the caller's own unless said. */
  readonly root?: string;
}

/** What `rmi` and `prune` did. */
export interface RemovedImages {
  /** Names, as people write them. */
  readonly untagged: readonly string[];
  /** Ids of the images that are gone. */
  readonly deleted: readonly Digest[];
  /** Of the disk, as du(1) counts them. */
  readonly reclaimedBytes: number;
}

/**
 * Removes images: one by a name loses that name, and is gone with its last. All of them or, when one cannot
 * be, none.
 *
 * @param texts names, or beginnings of ids
 * @throws {MinicontainerError} `EIMAGE` for one that is not here or a container uses, and for an id with
 *   several names unless forced
 */
export async function removeImages(
  texts: readonly string[],
  options: RemoveImagesOptions = {},
): Promise<RemovedImages> {
  return await forget(options, (store, images) => {
    const chosen = new Set<StoredImage>();
    for (const text of texts) {
      for (const image of namesMeant(text, store, images, options.force ?? false))
        chosen.add(image);
    }
    requireUnused(store, images, chosen);
    return [...chosen];
  });
}

/** Forgets the names that are chosen among all, and removes what nothing reaches then. */
export async function forget(
  {root = callerState()}: RemoveImagesOptions,
  choose: (store: ImageStore, images: readonly StoredImage[]) => readonly StoredImage[],
): Promise<RemovedImages> {
  const store = openStore(root);
  // What containers that were killed have left is not in use, and goes first.
  sweep(root);
  const kept = new Set<Digest>();
  const swept = await store.sweep({
    forget: (images) => {
      const chosen = choose(store, images);
      for (const image of images) if (!chosen.includes(image)) kept.add(image.id);
      return chosen;
    },
    trees: storedTrees(root),
  });
  const gone = swept.images.filter(({id}) => !kept.has(id));
  return {
    untagged: swept.images.flatMap(({name}) =>
      name === undefined ? [] : familiarName(parseReference(name)),
    ),
    deleted: [...new Set(gone.map(({id}) => id))],
    reclaimedBytes: swept.reclaimedBytes,
  };
}

/** A name means itself; an id means all names of its image. */
function namesMeant(
  text: string,
  store: ImageStore,
  images: readonly StoredImage[],
  force: boolean,
): readonly StoredImage[] {
  const found = store.tryFind(text);
  if (found === undefined) {
    throw new MinicontainerError('EIMAGE', `there is no image ${text} here`, {
      hint: 'minicontainer images lists what there is',
    });
  }
  const names = images.filter(({id}) => id === found.id);
  if (!isIdOf(found, text)) return names.filter(({name}) => name === found.name);
  if (names.length === 1 || force) return names;
  const familiar = names
    .flatMap(({name}) => name ?? [])
    .map((name) => familiarName(parseReference(name)));
  throw new MinicontainerError(
    'EIMAGE',
    `image ${text} has ${names.length} names: ${familiar.join(', ')}`,
    {
      hint: `remove one of them by its name, or all with -f`,
    },
  );
}

/** A text that could be both was found by its name, if it is that. */
function isIdOf({id, name}: StoredImage, text: string): boolean {
  if (!id.startsWith(`sha256:${text.replace(/^sha256:/, '')}`)) return false;
  return name === undefined || text.length === 64 || text.includes(':') || !isNameOf(name, text);
}

function isNameOf(name: string, text: string): boolean {
  return (
    familiarName(parseReference(name)) === familiarName({...parseReference(text), tag: 'latest'})
  );
}

function requireUnused(
  store: ImageStore,
  images: readonly StoredImage[],
  chosen: ReadonlySet<StoredImage>,
): void {
  const users = imageUsers(store);
  for (const image of chosen) {
    const [container] = users.get(image.manifest.digest) ?? [];
    const isLast = images.every((other) => other.id !== image.id || chosen.has(other));
    if (container === undefined || !isLast) continue;
    throw new MinicontainerError(
      'EIMAGE',
      `image ${image.name === undefined ? shortDigest(image.id) : familiarName(parseReference(image.name))} is in use by container ${container}`,
      {hint: 'end the container first'},
    );
  }
}
