import {rmSync} from 'node:fs';
import type {Digest} from '../digest/digest.ts';
import {blobPath} from './blobs.ts';
import {markAll} from './marks.ts';
import {readImages} from './refs.ts';

/**
 * Removes those of some blobs that nothing reaches, and nothing else. The caller holds the store's lock alone.
 *
 * @param digests of what the caller has put there, and protects no more
 */
export function discardUnused(root: string, digests: Iterable<Digest>): void {
  const {blobs} = markAll(root, readImages(root));
  for (const digest of digests) {
    if (!blobs.has(digest)) rmSync(blobPath(root, digest), {force: true});
  }
}
