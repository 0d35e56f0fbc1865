import {rmSync, statSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {algorithmOf, type Digest, hexOf, parseDigest} from '../digest/digest.ts';
import {digesterLike} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import {isMissing} from './failure.ts';

/** Content that is read as a whole: manifests and configurations. */
export const longestWholeBlob = 8 * 1024 * 1024;
const chunkBytes = 1024 * 1024;

/** Where a blob is kept; the digest is looked at again, for it becomes part of the path. */
export function blobPath(root: string, digest: Digest): string {
  const checked = parseDigest(digest);
  return join(root, 'blobs', algorithmOf(checked), hexOf(checked));
}

/** Whether a blob is there in its whole size. One that is not whole counts as not there. */
export function hasBlob(root: string, {digest, size}: Descriptor): boolean {
  const found = statSync(blobPath(root, digest), {throwIfNoEntry: false});
  return found?.isFile() === true && found.size === size;
}

/**
 * A small blob as a whole, its size and digest verified.
 *
 * @throws {MinicontainerError} `EMANIFEST` over 8 MiB; as `openBlob`
 */
export async function readBlob(root: string, descriptor: Descriptor): Promise<Buffer> {
  if (descriptor.size > longestWholeBlob) {
    throw new MinicontainerError(
      'EMANIFEST',
      `blob ${descriptor.digest} has ${descriptor.size} bytes, ${longestWholeBlob} at most are read as a whole`,
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of openBlob(root, descriptor)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export interface ReadOptions {
  /** Each chunk is overwritten when the next one is asked for: without it, memory is allocated for each. */
  readonly reuse?: boolean;
  /** Unless false, the last chunk is followed by an error where the digest of all is another. */
  readonly verify?: boolean;
}

/**
 * The bytes of a blob, some while ahead of who takes them. Throws at the end when the digest is another, and
 * removes the blob: a disk that lost power keeps files that were never written.
 *
 * @throws {MinicontainerError} `ESTORE` when it is not there; `EDIGEST` for another size or digest
 */
export async function* openBlob(
  root: string,
  descriptor: Descriptor,
  {reuse = false, verify = true}: ReadOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const path = blobPath(root, descriptor.digest);
  const file = await openExisting(path, descriptor.digest);
  try {
    const {size} = await file.stat();
    if (size !== descriptor.size) {
      // Not removed: the descriptor may be the one that is wrong.
      throw new MinicontainerError(
        'EDIGEST',
        `blob ${descriptor.digest} has ${size} bytes, its descriptor says ${descriptor.size}`,
      );
    }
    if (!verify) {
      yield* chunksOf(file, reuse);
      return;
    }
    const digester = digesterLike(descriptor.digest);
    for await (const chunk of chunksOf(file, reuse)) {
      digester.update(chunk);
      yield chunk;
    }
    const found = digester.digest();
    if (found !== descriptor.digest) {
      rmSync(path, {force: true});
      throw new MinicontainerError(
        'EDIGEST',
        `blob ${descriptor.digest} was damaged in the store, its bytes are ${found}`,
        {hint: 'it was removed; pull the image again'},
      );
    }
  } finally {
    await file.close();
  }
}

async function openExisting(path: string, digest: Digest): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new MinicontainerError('ESTORE', `blob ${digest} is not in the store`, {
      hint: 'pull the image again',
    });
  }
}

/** One chunk is read while another is worked on. */
async function* chunksOf(
  file: FileHandle,
  reuse: boolean,
): AsyncGenerator<Buffer, void, undefined> {
  const allocate = () => Buffer.allocUnsafeSlow(chunkBytes);
  let [next, other] = [allocate(), allocate()];
  let pending = readChunk(file, next);
  for (;;) {
    const chunk = await pending;
    if (chunk.length === 0) return;
    [next, other] = [reuse ? other : allocate(), next];
    pending = readChunk(file, next);
    // Whoever stops taking leaves a read behind, whose failure nobody waits for.
    pending.catch(() => {});
    yield chunk;
  }
}

async function readChunk(file: FileHandle, buffer: Buffer): Promise<Buffer> {
  const {bytesRead} = await file.read(buffer, 0, chunkBytes, null);
  return buffer.subarray(0, bytesRead);
}
