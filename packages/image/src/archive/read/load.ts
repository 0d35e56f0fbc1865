import {createReadStream, statSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import {decompress} from '../../compression/decompress.ts';
import type {Digest} from '../../digest/digest.ts';
import {hostPlatform, type Platform} from '../../manifest/platform.ts';
import {type ResolvedImage, readImage} from '../../manifest/resolve.ts';
import type {ProgressListener} from '../../progress.ts';
import type {Lease} from '../../store/leases.ts';
import type {ImageStore} from '../../store/store.ts';
import type {StoredImage} from '../../store/stored-image.ts';
import {inSource, knowSource} from '../known-source.ts';
import type {ArchiveContent, ContentPlace} from './content.ts';
import {isDirTransport, readDirTransport} from './dir-transport.ts';
import {DirectoryContent} from './directory-content.ts';
import {isDockerArchive, readDockerArchive} from './docker-archive.ts';
import {type FoundImage, isLayout, readLayout} from './oci-layout.ts';
import {TarContent} from './tar-content.ts';

/** Where images come from: a file or directory, or bytes such as those of stdin. */
export type ImageSource = string | AsyncIterable<Buffer>;

export interface LoadOptions {
  /** This machine's, unless said. */
  readonly platform?: Platform | undefined;
  /** The one image that is wanted: a tag of a layout, a name in Docker's archive. */
  readonly wanted?: string | undefined;
  /** What it must be; whichever it is, unless said. */
  readonly form?: 'oci' | 'docker' | undefined;
  /** Whether several are an error, unless one is wanted by its name. */
  readonly one?: boolean | undefined;
  /** Is awaited before an image gets its names; where it throws it gets none. */
  readonly prepare?: ((image: ResolvedImage, lease: Lease) => Promise<void>) | undefined;
  readonly progress?: ProgressListener | undefined;
  /** Ends it as a failure does. Bytes that are given are their owner's to end. */
  readonly signal?: AbortSignal | undefined;
}

const chunkBytes = 1 << 20;

/**
 * Brings the images of an OCI layout, or of what `docker save` wrote, into the store, with their names.
 *
 * A layout is a directory or an archive; archives may be compressed. Of several platforms one is taken.
 *
 * @returns each image under each of its names, or without one
 * @throws {MinicontainerError} `EMANIFEST`, `EDIGEST`, `ETAR`, `ECOMPRESSION`, `EPLATFORM`, `EIMAGE`,
 *   `ESTORE`; then the store has nothing of it
 */
export async function loadImages(
  store: ImageStore,
  source: ImageSource,
  options: LoadOptions = {},
): Promise<readonly StoredImage[]> {
  const lease = await store.lease();
  const added = new Set<Digest>();
  try {
    const content = await open(store, lease, added, source, options);
    const found = await find(content, store, lease, options);
    // Some have a manifest that was made here.
    for (const {image} of found) added.add(image.manifest.digest);
    const loaded: StoredImage[] = [];
    for (const {image, names} of found) {
      await options.prepare?.(
        await readImage(image.manifest, (part) => store.readBlob(part)),
        lease,
      );
      if (names.length === 0) loaded.push(await store.setName(undefined, image));
      for (const name of names) loaded.push(await store.setName(name, image));
    }
    return loaded;
  } catch (error) {
    throw inSource(error, typeof source === 'string' ? source : 'stdin');
  } finally {
    await lease[Symbol.asyncDispose]();
    // What came with the images and belongs to none; where something failed, all of it.
    await store.discardUnused(added);
  }
}

async function open(
  store: ImageStore,
  lease: Lease,
  added: Set<Digest>,
  source: ImageSource,
  {progress, signal}: LoadOptions,
): Promise<ArchiveContent> {
  const name = typeof source === 'string' ? source : 'stdin';
  const place = {name, store, lease, added, progress, signal};
  if (typeof source !== 'string') return await readTarContent(place, source);
  const found = statSync(source, {throwIfNoEntry: false});
  if (found === undefined) throw new MinicontainerError('EIMAGE', `there is no file ${source}`);
  if (found.isDirectory()) return new DirectoryContent(place);
  return await readTarContent(place, createReadStream(source, {highWaterMark: chunkBytes, signal}));
}

async function readTarContent(place: ContentPlace, source: AsyncIterable<Buffer>) {
  const content = new TarContent(place);
  const {compression, bytes} = await knowSource(source, place.name);
  await content.read(decompress(bytes, compression));
  return content;
}

async function find(
  content: ArchiveContent,
  store: ImageStore,
  lease: Lease,
  {platform = hostPlatform(), wanted, form, one}: LoadOptions,
): Promise<readonly FoundImage[]> {
  // Today's Docker writes both into one archive: the layout has the manifests, with their digests.
  if (form !== 'docker' && isLayout(content)) {
    return await readLayout(content, store, {platform, tag: wanted, one});
  }
  if (form === undefined && isDirTransport(content)) {
    return await readDirTransport(content, store, lease);
  }
  if (form !== 'oci' && isDockerArchive(content)) {
    return await readDockerArchive(content, store, lease, {wanted, one});
  }
  const docker = 'not what docker save writes';
  const fault = {oci: 'no OCI layout', docker, any: `neither an OCI layout nor ${docker.slice(4)}`};
  throw new MinicontainerError('EMANIFEST', `${content.name} is ${fault[form ?? 'any']}`, {
    hint: 'a root file system as an archive becomes an image by: minicontainer import FILE NAME',
  });
}
