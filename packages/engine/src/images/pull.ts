import {MinicontainerError} from '@minicontainer/errors';
import {
  Arrival,
  type Descriptor,
  fullName,
  hostPlatform,
  type ImageReference,
  type ImageStore,
  type IngestOptions,
  isIndexType,
  isManifestType,
  type Lease,
  openStore,
  type Platform,
  parsePlatform,
  parseReference,
  resolveImage,
  type StoredImage,
} from '@minicontainer/image';
import {
  openRegistries,
  type RegistryOptions,
  type RemoteRepository,
} from '@minicontainer/image/registry';
import {parseArchiveSource} from '../image/archive-source.ts';
import {layerIds} from '../image/ids-key.ts';
import {callerState} from '../state.ts';
import {type Attempt, leavingNothing} from './attempt.ts';
import {provideArchive} from './provide-archive.ts';
import type {PulledImage, PullOptions} from './pulled-image.ts';
import {unpackImage} from './unpack-image.ts';

/**
 * Fetches an image from its registry and unpacks it: what is here is not fetched again, and what another
 * process is fetching or unpacking is waited for.
 *
 * @param text a reference, `latest` without a tag or digest; or an archive, as `parseArchiveSource` has it
 * @throws {MinicontainerError} `EREFERENCE`, `EPLATFORM`, `EREGISTRY`, `EAUTH`, `ENETWORK`, `EMANIFEST`,
 *   `EDIGEST`, `EUNPACK`, `ESTORE`; the store is as before then, but for what a next call need not fetch
 */
export async function pullImage(text: string, options: PullOptions = {}): Promise<PulledImage> {
  const archive = parseArchiveSource(text);
  if (archive !== undefined) return provideArchive(archive, options);
  const reference = parseReference(text);
  const wanted = options.platform === undefined ? hostPlatform() : parsePlatform(options.platform);
  const store = openStore(callerState());
  return await leavingNothing(store, options.signal, async (attempt) => {
    return await fetchImage(store, reference, wanted, attempt, {...options, text});
  });
}

async function fetchImage(
  store: ImageStore,
  reference: ImageReference,
  wanted: Platform,
  {signal, fail, during}: Attempt,
  {text, progress, ...options}: PullOptions & {readonly text: string},
): Promise<PulledImage> {
  await using registries = await openRegistries({...options.registry, signal});
  await using lease = await store.lease();
  const repository = registries.repository(reference);
  const root = await repository.resolve(reference);
  await store.writeBlob(root.bytes, root.descriptor.mediaType, lease);
  const resolved = await resolveImage(
    root.descriptor,
    wanted,
    (descriptor) => readThrough(store, lease, repository, descriptor),
    text,
  );
  const {layers} = resolved.manifest;
  await lease.protect({blobs: layers.map(({digest}) => digest)});
  const arrivals = new Map(
    layers.map((layer) => [
      layer,
      new Arrival((grow) => during(fetchBlob(store, repository, layer, {progress, signal, grow}))),
    ]),
  );
  const omissions = await unpackImage(
    {layers, diffIds: resolved.config.diffIds},
    {
      ...{store, lease, progress, signal},
      ids: options.ids ?? layerIds(undefined),
      onFailure: fail,
      arriving: (layer) => arrivals.get(layer),
    },
  );
  const name = fullName(reference);
  const before = store.get(name);
  const image = await store.setName(name, {
    digest: root.descriptor.digest,
    manifest: resolved.descriptor,
    platform: resolved.descriptor.platform,
  });
  return {image, isNew: before?.manifest.digest !== image.manifest.digest, omissions};
}

async function fetchBlob(
  store: ImageStore,
  repository: RemoteRepository,
  blob: Descriptor,
  options: IngestOptions = {},
): Promise<void> {
  try {
    await repository.fetchBlob(blob, (from) => store.ingest(blob, from, options));
  } catch (error) {
    throw explain(blob, repository.name.registry, error);
  }
}

function explain({digest, urls = []}: Descriptor, registry: string, cause: unknown): unknown {
  const {code = '', message = '', hint} = cause instanceof MinicontainerError ? cause : {};
  // An address that an image names is not asked.
  if (code === 'EREGISTRY' && urls.length > 0) {
    return new MinicontainerError('EMANIFEST', `${registry} has no layer ${digest}`, {
      cause,
      hint: 'the image names other addresses for it, which are not asked: pull one that has all its layers',
    });
  }
  if (code !== 'EDIGEST') return cause;
  return new MinicontainerError('EDIGEST', `${registry}: ${message}`, {
    cause,
    ...(hint === undefined ? {} : {hint}),
  });
}

/** Whatever was fetched before is not asked for again. */
async function readThrough(
  store: ImageStore,
  lease: Lease,
  repository: RemoteRepository,
  descriptor: Descriptor,
): Promise<Uint8Array> {
  await lease.protect({blobs: [descriptor.digest]});
  const {mediaType} = descriptor;
  if (!store.hasBlob(descriptor) && (isIndexType(mediaType) || isManifestType(mediaType))) {
    const bytes = await repository.read(descriptor);
    await store.writeBlob(bytes, mediaType);
    return bytes;
  }
  // A configuration is a blob, which of many pulls one fetches.
  await fetchBlob(store, repository, descriptor);
  return store.readBlob(descriptor);
}

/** Whether a registry has another image by that name than the store. */
export async function isOutdated(
  image: StoredImage,
  reference: ImageReference,
  registry: RegistryOptions,
): Promise<boolean> {
  await using registries = await openRegistries(registry);
  const {descriptor} = await registries.repository(reference).resolve(reference);
  return descriptor.digest !== image.digest;
}
