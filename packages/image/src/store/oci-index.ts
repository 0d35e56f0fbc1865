import {statSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {MEDIA_TYPE} from '../manifest/media-types.ts';
import {writeWhole} from './layout.ts';
import {readImages} from './refs.ts';
import type {StoredImage} from './stored-image.ts';

/** What other programs find a name by. @see OCI image spec, annotations.md */
const refName = 'org.opencontainers.image.ref.name';

/**
 * Writes `index.json` from the names there are: for skopeo, umoci and others; we do not read it. On a disk
 * that is full it stays as it was, and who takes the lock next writes it.
 *
 * @returns whether it was written
 */
export function writeOciIndex(root: string): boolean {
  const manifests = readImages(root).map(entryOf);
  const index = {schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests};
  try {
    writeWhole(join(root, 'index.json'), JSON.stringify(index));
    return true;
  } catch (error) {
    if (error instanceof MinicontainerError) return false;
    throw error;
  }
}

/** Whether a name changed since, and who changed it was killed before it wrote the index. */
export function isOciIndexStale(root: string): boolean {
  const index = statSync(join(root, 'index.json'), {throwIfNoEntry: false});
  return index === undefined || index.mtimeMs < statSync(join(root, 'refs')).mtimeMs;
}

function entryOf({name, manifest, platform}: StoredImage) {
  const {mediaType, digest, size} = manifest;
  return {
    mediaType,
    digest,
    size,
    platform,
    ...(name === undefined ? {} : {annotations: {[refName]: name}}),
  };
}
