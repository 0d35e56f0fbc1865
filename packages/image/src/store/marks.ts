import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Digest, parseDigest} from '../digest/digest.ts';
import {Fields} from '../manifest/fields.ts';
import {isMissing} from './failure.ts';
import {readLeases} from './leases.ts';
import type {StoredImage} from './stored-image.ts';

/** Everything that names, containers and running processes reach. */
export interface Marks {
  readonly blobs: ReadonlySet<Digest>;
  isSnapshotUsed(name: string): boolean;
}

/** A container's use of an image, as `containers/<id>/image.json` has it. */
export interface ContainerImage {
  readonly container: string;
  /** By which name it was run, if it had one. */
  readonly name?: string;
  readonly manifest?: Digest;
  readonly snapshots: readonly string[];
}

/** The caller holds the store's lock alone, so that nothing becomes used meanwhile. */
export function markAll(root: string, images: readonly StoredImage[]): Marks {
  const leases = readLeases(root);
  const blobs = new Set(leases.blobs);
  const chains = new Set<string>();
  const snapshots = new Set(leases.snapshots);
  for (const {digest, manifest, config, layers, chains: own} of images) {
    for (const one of [digest, ...[manifest, config, ...layers].map((blob) => blob.digest)]) {
      blobs.add(one);
    }
    for (const chain of own) chains.add(chain);
  }
  for (const {manifest, snapshots: used} of readContainers(root)) {
    if (manifest !== undefined) blobs.add(manifest);
    for (const name of used) snapshots.add(name);
  }
  return {
    blobs,
    // Of one chain there may be several, each in other ids: `<chain>-<ids>`.
    isSnapshotUsed: (name) => snapshots.has(name) || chains.has(name.replace(/-.*/s, '')),
  };
}

/** What each container there is was made from. */
export function readContainers(root: string): readonly ContainerImage[] {
  return listDirectory(join(root, 'containers')).flatMap((container) => {
    const used = readUse(join(root, 'containers', container, 'image.json'));
    return used === undefined ? [] : [{container, ...used}];
  });
}

function readUse(path: string): Omit<ContainerImage, 'container'> | undefined {
  try {
    const fields = new Fields(JSON.parse(readFileSync(path, 'utf8')), path);
    const name = fields.optionalString('name');
    const manifest = fields.optionalString('manifest');
    return {
      ...(name === undefined ? {} : {name}),
      ...(manifest === undefined ? {} : {manifest: parseDigest(manifest)}),
      snapshots: fields.has('snapshots') ? fields.strings('snapshots') : [],
    };
  } catch {
    // No image, or its directory is being made or removed at this moment.
    return undefined;
  }
}

/** The names in a directory; none where there is no directory. */
export function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
