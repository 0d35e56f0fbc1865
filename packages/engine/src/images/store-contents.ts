import {type Dirent, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {type Digest, isDigest, measureTree, type Trees, type Usage} from '@minicontainer/image';

/** What everything in a store takes of the disk: all parts together are all there is under its root. */
export interface StoreContents {
  readonly blobs: ReadonlyMap<Digest, number>;
  /** By the names of their directories. */
  readonly snapshots: ReadonlyMap<string, number>;
  /** Each a directory, by its id. */
  readonly containers: ReadonlyMap<string, number>;
  /** Parts of blobs, and what is being unpacked or removed; of running commands and of killed ones. */
  readonly unfinished: ReadonlyMap<string, number>;
  /** Names, locks, filters, and the directories themselves. */
  readonly otherBytes: number;
}

/**
 * Measures a store, while others may work in it: what they remove meanwhile counts as not there.
 *
 * @param trees measures snapshots that this process may not look into
 */
export async function measureContents(root: string, trees: Trees): Promise<StoreContents> {
  const survey = new Survey(trees);
  const blobs = new Map<Digest, number>();
  for (const algorithm of await survey.folder(join(root, 'blobs'))) {
    const directory = join(root, 'blobs', algorithm);
    for (const [name, bytes] of await survey.entries(directory)) {
      const digest = `${algorithm}:${name}`;
      if (isDigest(digest)) blobs.set(digest, bytes);
      else survey.otherBytes += bytes;
    }
  }
  const snapshots = await survey.entries(join(root, 'snapshots'));
  const containers = await survey.entries(join(root, 'containers'));
  const unfinished = new Map([
    ...(await survey.entries(join(root, 'ingest'))),
    ...(await survey.entries(join(root, 'tmp'))),
  ]);
  const known = new Set(['blobs', 'snapshots', 'containers', 'ingest', 'tmp']);
  for (const name of await survey.folder(root)) {
    if (!known.has(name)) survey.otherBytes += await survey.measure(join(root, name));
  }
  return {blobs, snapshots, containers, unfinished, otherBytes: survey.otherBytes};
}

/** Adds up, each file once, by however many names it is found. */
class Survey {
  otherBytes = 0;
  readonly #trees: Trees;
  readonly #seen = new Set<string>();

  constructor(trees: Trees) {
    this.#trees = trees;
  }

  /** The names in a directory, which itself is counted as other. */
  async folder(path: string): Promise<readonly string[]> {
    const {bytes} = await measureTree(path, this.#seen, false);
    this.otherBytes += bytes;
    return namesIn(path);
  }

  /** What each thing in a directory takes, with all that is in it. */
  async entries(path: string): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    for (const name of await this.folder(path)) {
      sizes.set(name, await this.measure(join(path, name)));
    }
    return sizes;
  }

  async measure(path: string): Promise<number> {
    const own: Usage = await measureTree(path, this.#seen);
    if (own.unreadable.length === 0) return own.bytes;
    const [bytes = own.bytes] = await this.#trees.measure([path]);
    return bytes;
  }
}

function namesIn(path: string): string[] {
  try {
    const entries: Dirent[] = readdirSync(path, {withFileTypes: true});
    return entries.map(({name}) => name);
  } catch {
    // Never made, or gone by now.
    return [];
  }
}
