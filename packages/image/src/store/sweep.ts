import {lstatSync, renameSync, rmSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {tryLock} from '@minicontainer/syscalls';
import {type Digest, hexOf, isDigest} from '../digest/digest.ts';
import {listDirectory, type Marks, markAll} from './marks.ts';
import {writeOciIndex} from './oci-index.ts';
import {forgetImage, readImages, removeBrokenRefs} from './refs.ts';
import type {StoredImage} from './stored-image.ts';
import {measureTree} from './usage.ts';

/** What a sweep removed. */
export interface Swept {
  /** Names that were forgotten, by the caller's choice. */
  readonly images: readonly StoredImage[];
  readonly blobs: readonly Digest[];
  /** Names of snapshots' directories. */
  readonly snapshots: readonly string[];
  /** Of the disk, as du(1) counts them. */
  readonly reclaimedBytes: number;
}

export interface SweepOptions {
  /**
   * Which names to forget first, of all there are; nothing changes between this choice and the sweep. What it
   * throws ends the sweep before it began.
   */
  readonly forget?: (images: readonly StoredImage[]) => readonly StoredImage[];
  /** Who can remove and measure snapshots; this process unless given. */
  readonly trees?: Trees;
}

/** Removes and measures directories. Those of a plain user have files of other ids in them. */
export interface Trees {
  remove(paths: readonly string[]): Promise<void>;
  /** Bytes of the disk that each takes. */
  measure(paths: readonly string[]): Promise<readonly number[]>;
}

/** What was marked for removal while the lock was held, and can be removed without it. */
export interface Rubbish {
  readonly swept: Swept;
  readonly trees: readonly string[];
}

/** Forgets names, and takes all that nothing reaches out of use. The caller holds the store's lock alone. */
export function takeOutOfUse(root: string, {forget}: SweepOptions): Rubbish {
  const there = readImages(root);
  const images = forget?.(there) ?? [];
  for (const image of images) forgetImage(root, image);
  removeBrokenRefs(root);
  const isIndexWritten = writeOciIndex(root);
  const marks = markAll(root, readImages(root));
  const blobs = sweepBlobs(root, marks);
  const partialBytes = sweepIngest(root, marks);
  // First what is in tmp, for the snapshots come there, and their removal may take its time.
  const abandoned = abandonedIn(join(root, 'tmp'));
  const snapshots = sweepSnapshots(root, marks);
  // There was no room for it.
  if (!isIndexWritten) writeOciIndex(root);
  return {
    swept: {
      images,
      blobs: blobs.digests,
      snapshots: snapshots.names,
      reclaimedBytes: blobs.bytes + partialBytes,
    },
    trees: [...abandoned, ...snapshots.trees],
  };
}

/** Removes what `takeOutOfUse` left, unless another process is at it. @returns with the bytes of that, too */
export async function removeRubbish(
  {swept, trees}: Rubbish,
  remover: Trees = ownTrees,
): Promise<Swept> {
  const ours = trees.flatMap((path) => {
    const lock = tryLock(path);
    return lock === undefined ? [] : {path, lock};
  });
  try {
    const paths = ours.map(({path}) => path);
    const bytes = paths.length === 0 ? [] : await measureAll(paths, remover);
    if (paths.length > 0) await removeAll(paths, remover);
    return {
      ...swept,
      reclaimedBytes: bytes.reduce((sum, some) => sum + some, swept.reclaimedBytes),
    };
  } finally {
    for (const {lock} of ours) lock[Symbol.dispose]();
  }
}

async function measureAll(paths: readonly string[], remover: Trees): Promise<readonly number[]> {
  try {
    return await remover.measure(paths);
  } catch {
    return await ownTrees.measure(paths);
  }
}

/** What needs a file to begin with cannot do that on a full disk: there this process makes room as it can. */
async function removeAll(paths: readonly string[], remover: Trees): Promise<void> {
  try {
    await remover.remove(paths);
  } catch {
    await ownTrees.remove(paths).catch(() => undefined);
    await remover.remove(paths);
  }
}

const ownTrees: Trees = {
  remove: async (paths) => {
    for (const path of paths) await rm(path, {recursive: true, force: true});
  },
  measure: async (paths) => {
    const usages = await Promise.all(paths.map((path) => measureTree(path)));
    return usages.map(({bytes}) => bytes);
  },
};

function sweepBlobs(root: string, marks: Marks): {digests: Digest[]; bytes: number} {
  const digests: Digest[] = [];
  let bytes = 0;
  for (const algorithm of listDirectory(join(root, 'blobs'))) {
    for (const name of listDirectory(join(root, 'blobs', algorithm))) {
      const digest = `${algorithm}:${name}`;
      if (isDigest(digest)) {
        if (marks.blobs.has(digest)) continue;
        digests.push(digest);
      }
      bytes += removeFile(join(root, 'blobs', algorithm, name));
    }
  }
  return {digests, bytes};
}

/** Parts of blobs that nobody is fetching, and no running pull will go on with. */
function sweepIngest(root: string, marks: Marks): number {
  const wanted = new Set([...marks.blobs].map(hexOf));
  let bytes = 0;
  for (const name of listDirectory(join(root, 'ingest'))) {
    if (wanted.has(name)) continue;
    const path = join(root, 'ingest', name);
    using lock = tryLock(path);
    if (lock !== undefined) bytes += removeFile(path);
  }
  return bytes;
}

function abandonedIn(directory: string): string[] {
  return listDirectory(directory)
    .map((name) => join(directory, name))
    .filter((path) => {
      using lock = tryLock(path);
      return lock !== undefined;
    });
}

/** By a rename, since to remove thousands of files takes a while, in which others would wait for the lock. */
function sweepSnapshots(root: string, marks: Marks): {names: string[]; trees: string[]} {
  const names = listDirectory(join(root, 'snapshots')).filter(
    (name) => !marks.isSnapshotUsed(name),
  );
  const trees = names.map((name) => {
    const tree = join(root, 'tmp', `${name}.removed-${process.pid}-${Date.now().toString(36)}`);
    renameSync(join(root, 'snapshots', name), tree);
    return tree;
  });
  return {names, trees};
}

function removeFile(path: string): number {
  const {blocks} = lstatSync(path);
  rmSync(path, {recursive: true, force: true});
  return blocks * 512;
}
