import {statfsSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import type {Digest} from '../digest/digest.ts';
import {digesterLike} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import {type LayerCompression, layerCompression} from '../manifest/media-types.ts';
import {remoteText} from '../registry/remote-text.ts';
import type {Arrival} from '../store/arrival.ts';
import {fullDiskHint} from '../store/failure.ts';
import type {ImageStore} from '../store/store.ts';
import {decompress} from './decompress.ts';
import {compressionOf, foreignCompressionOf} from './magic.ts';

export interface LayerStreamOptions {
  /** Uncompressed bytes that are taken at most; 64 GiB unless said, and never more than the disk has free. */
  readonly limitBytes?: number;
  /** The blob is still coming. */
  readonly arrival?: Arrival | undefined;
}

const defaultLimitBytes = 64 * 1024 ** 3;

/**
 * The tar archive of a layer of the store, uncompressed. Verified when it has ended and not before: who
 * unpacks it keeps nothing of it until then.
 *
 * @param diffId digest of these bytes, as the configuration says
 * @throws {MinicontainerError} `EDIGEST` when the blob or what it unpacks to has another digest, each named;
 *   `ECOMPRESSION` when it is not compressed as its media type says, is malformed, or expands beyond the limit;
 *   `EMANIFEST` when its media type is no layer's; `ESTORE` when the blob is not there, or the disk too full;
 *   as `followBlob` where it is still coming
 */
export async function* layerStream(
  store: ImageStore,
  descriptor: Descriptor,
  diffId: Digest,
  {limitBytes = defaultLimitBytes, arrival}: LayerStreamOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const compression = layerCompression(descriptor.mediaType);
  if (compression === undefined) {
    throw new MinicontainerError(
      'EMANIFEST',
      `layer ${descriptor.digest} is of media type ${remoteText(descriptor.mediaType)}, which is no layer's`,
    );
  }
  // What is not compressed goes on as it is, and its reader may keep it. The archive's own digest says that all
  // is right; the blob's is asked for only to say what is wrong.
  const reading = {reuse: compression !== 'none', verify: false};
  const blob =
    arrival === undefined
      ? store.openBlob(descriptor, reading)
      : store.followBlob(descriptor, arrival, reading);
  const limit = limitOf(store.root, limitBytes);
  const digester = digesterLike(diffId);
  try {
    const archive = decompress(judged(blob, descriptor, compression), compression);
    for await (const bytes of archive) {
      digester.update(bytes);
      if (digester.length > limit.bytes) throw tooLarge(descriptor, limit);
      yield bytes;
    }
  } catch (error) {
    if (!isCompressionError(error)) throw error;
    await requireWhole(store, descriptor, arrival);
    throw inLayer(error, descriptor);
  } finally {
    await blob.return();
  }
  const found = digester.digest();
  if (found === diffId) return;
  await requireWhole(store, descriptor, arrival);
  throw new MinicontainerError(
    'EDIGEST',
    `layer ${descriptor.digest} unpacks to ${found}, its image's configuration says ${diffId}`,
  );
}

/** Damage on the disk or on the way shows as damaged compression first. @throws where it is the blob's */
async function requireWhole(
  store: ImageStore,
  descriptor: Descriptor,
  arrival: Arrival | undefined,
): Promise<void> {
  await arrival?.whole;
  for await (const _ of store.openBlob(descriptor, {reuse: true})) {
    // Only its end counts.
  }
}

/** Passes bytes on if they begin as their media type says. Does not close its source, which may be looked at on. */
async function* judged(
  blob: AsyncIterator<Buffer>,
  descriptor: Descriptor,
  compression: LayerCompression,
): AsyncGenerator<Buffer, void, undefined> {
  for (let isFirst = true; ; isFirst = false) {
    const {done, value} = await blob.next();
    if (done === true) return;
    if (isFirst) requireMagic(value, descriptor, compression);
    yield value;
  }
}

function requireMagic(
  beginning: Buffer,
  {digest, mediaType}: Descriptor,
  compression: LayerCompression,
): void {
  const found = compressionOf(beginning);
  const foreign = foreignCompressionOf(beginning);
  if (found === compression && foreign === undefined) return;
  const words = {none: 'not compressed', gzip: 'gzip', zstd: 'zstd'};
  throw new MinicontainerError(
    'ECOMPRESSION',
    `layer ${digest} is ${foreign ?? words[found]}, and not ${mediaType} as it is called`,
  );
}

interface Limit {
  readonly bytes: number;
  /** The limit is what the disk has free. */
  readonly isFree: boolean;
}

function limitOf(root: string, limitBytes: number): Limit {
  const {bavail, bsize} = statfsSync(root);
  const free = bavail * bsize;
  return {bytes: Math.min(free, limitBytes), isFree: free < limitBytes};
}

function tooLarge({digest}: Descriptor, {bytes, isFree}: Limit): MinicontainerError {
  if (!isFree) {
    return new MinicontainerError(
      'ECOMPRESSION',
      `layer ${digest} expands to more than the ${bytes} bytes that a layer may have`,
    );
  }
  return new MinicontainerError(
    'ESTORE',
    `no space for layer ${digest}: it expands to more than the ${bytes} bytes that the disk has free`,
    {hint: fullDiskHint},
  );
}

function isCompressionError(error: unknown): error is MinicontainerError {
  return error instanceof MinicontainerError && error.code === 'ECOMPRESSION';
}

/** With the layer named, which the decompressors do not know. */
function inLayer(error: unknown, {digest}: Descriptor): unknown {
  if (!isCompressionError(error) || error.message.startsWith('layer ')) return error;
  return new MinicontainerError(error.code, `layer ${digest}: ${error.message}`, {cause: error});
}
