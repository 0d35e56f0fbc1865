import {statSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import {
  type Descriptor,
  type Digest,
  fullName,
  type ImageReference,
  type ImageStore,
  openStore,
  type ProgressListener,
  parseReference,
  readDocument,
  readManifest,
  type StoredImage,
  shortDigest,
} from '@minicontainer/image';
import {openRegistries, type PushTarget, type RegistryOptions} from '@minicontainer/image/registry';
import {callerState} from '../state.ts';

export interface PushOptions {
  /** How the registry is reached. */
  readonly registry?: Omit<RegistryOptions, 'signal'> | undefined;
  /** All that was pulled or loaded by the name, an index with each image in it; else one platform's image. */
  readonly allPlatforms?: boolean | undefined;
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PushedImage {
  /** With registry and tag: `localhost:5000/app:1`. */
  readonly name: string;
  readonly digest: Digest;
  /** Bytes of the manifest or index. */
  readonly size: number;
}

/**
 * Brings an image to a registry, its very bytes: what is there already is not sent, and what another
 * repository of the registry has is taken from there. The tag comes last, when all else is there.
 *
 * @param source a name, or the beginning of an id
 * @param destination where to; the source's own name unless said
 * @throws {MinicontainerError} `EIMAGE`, `EREFERENCE`, `EREGISTRY`, `EAUTH`, `ENETWORK`; `EDIGEST` when a
 *   part of it is not in the store or damaged
 */
export async function pushImage(
  source: string,
  destination: string | undefined,
  options: PushOptions = {},
): Promise<PushedImage> {
  const store = openStore(callerState());
  const image = store.find(source);
  const to = parseDestination(destination ?? source, image);
  await using lease = await store.lease();
  const parts = await partsOf(store, image, options.allPlatforms === true);
  const {blobs, documents} = parts;
  await lease.protect({
    blobs: [...blobs, ...documents.map(({descriptor}) => descriptor)].map(({digest}) => digest),
  });
  // The first failure ends what else is under way.
  const failed = new AbortController();
  const signals = [failed.signal, ...(options.signal === undefined ? [] : [options.signal])];
  await using registries = await openRegistries({
    ...options.registry,
    signal: AbortSignal.any(signals),
  });
  const target = registries.pushTarget(to);
  const elsewhere = otherRepositories(store, to);
  const send = (blob: Descriptor) => pushBlob(store, target, blob, elsewhere, options.progress);
  try {
    await eachInParallel(blobs, blobsAtOnce, send);
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  for (const [index, document] of documents.entries()) {
    const isRoot = index === documents.length - 1;
    await (isRoot ? target.manifest(document, to.tag ?? 'latest') : target.manifest(document));
  }
  const {digest, size} = documents.at(-1)?.descriptor ?? image.manifest;
  return {name: fullName(to), digest, size};
}

/** The names here of a repository's images, for who pushes all of them: with tags, not with digests. */
export function namesInRepository(text: string): string[] {
  const {registry, repository, tag, digest} = parseReference(text);
  if (tag !== undefined || digest !== undefined) {
    throw new MinicontainerError('EREFERENCE', `${text} names one image, not a repository`);
  }
  const names = openStore(callerState())
    .names()
    .flatMap(({name}) => (name === undefined ? [] : [name]))
    .filter((name) => {
      const found = parseReference(name);
      const isThere = found.registry === registry && found.repository === repository;
      return isThere && found.digest === undefined;
    });
  if (names.length > 0) return names;
  throw new MinicontainerError('EIMAGE', `no image of ${text} is here`);
}

const blobsAtOnce = 4;

/** `docker://` is how podman and skopeo write a registry. */
function parseDestination(text: string, image: StoredImage): ImageReference {
  const name = text.replace(/^docker:\/\//, '');
  if (image.id.startsWith(name) || image.id.startsWith(`sha256:${name}`)) {
    throw new MinicontainerError('EIMAGE', `the id ${name} does not say where to push`, {
      hint: `name the destination too: minicontainer push ${name} REGISTRY/NAME:TAG`,
    });
  }
  const reference = parseReference(name);
  if (reference.digest === undefined) return reference;
  throw new MinicontainerError('EREFERENCE', `${name} has a digest: images are pushed to a tag`, {
    hint: 'leave out what begins with @',
  });
}

interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

interface Parts {
  /** Each once. */
  readonly blobs: readonly Descriptor[];
  /** Children first; the last is what the tag is for. */
  readonly documents: readonly Document[];
}

async function partsOf(
  store: ImageStore,
  image: StoredImage,
  allPlatforms: boolean,
): Promise<Parts> {
  const blobs = new Map<Digest, Descriptor>();
  const documents: Document[] = [];
  const visit = async (descriptor: Descriptor): Promise<void> => {
    const bytes = await readHere(store, descriptor);
    const document = readDocument(bytes, descriptor.mediaType);
    if (document.kind === 'index') {
      for (const child of document.index.manifests) await visit(child);
      documents.push({descriptor: {...descriptor, mediaType: document.index.mediaType}, bytes});
      return;
    }
    const {config, layers, mediaType} = readManifest(bytes, descriptor.mediaType);
    for (const blob of [config, ...layers]) {
      // What may not be distributed stays where it is.
      if (!/nondistributable|\.foreign\./.test(blob.mediaType)) blobs.set(blob.digest, blob);
    }
    documents.push({descriptor: {...descriptor, mediaType}, bytes});
  };
  await visit(allPlatforms ? rootOf(store, image) : image.manifest);
  return {blobs: [...blobs.values()], documents};
}

/** What the name stands for where it was had; the file knows its size, and the bytes their type. */
function rootOf(store: ImageStore, {digest, manifest}: StoredImage): Descriptor {
  if (digest === manifest.digest) return manifest;
  try {
    return {mediaType: '', digest, size: statSync(store.blobPath(digest)).size};
  } catch {
    return {mediaType: '', digest, size: 0};
  }
}

async function readHere(store: ImageStore, descriptor: Descriptor): Promise<Buffer> {
  if (store.hasBlob(descriptor)) return store.readBlob(descriptor);
  throw new MinicontainerError('EIMAGE', `manifest ${descriptor.digest} is not here`, {
    hint: 'one platform of an image was pulled: push it without --all',
  });
}

async function pushBlob(
  store: ImageStore,
  target: PushTarget,
  blob: Descriptor,
  elsewhere: ReadonlyMap<Digest, string>,
  progress: ProgressListener | undefined,
): Promise<void> {
  const id = shortDigest(blob.digest);
  const tell = (phase: 'uploading' | 'done' | 'exists', currentBytes: number) =>
    progress?.({id, phase, currentBytes, totalBytes: blob.size});
  const outcome = await target.blob(blob, {
    open: () => store.openBlob(blob),
    mountFrom: elsewhere.get(blob.digest),
    sent: (bytes) => tell('uploading', bytes),
  });
  tell(outcome === 'uploaded' ? 'done' : 'exists', blob.size);
}

/** Which blobs other repositories of the same registry have, as the names of images here tell. */
function otherRepositories(
  store: ImageStore,
  {registry, repository}: ImageReference,
): ReadonlyMap<Digest, string> {
  const found = new Map<Digest, string>();
  for (const {name, config, layers} of store.names()) {
    const other = name === undefined ? undefined : parseReference(name);
    if (other?.registry !== registry || other.repository === repository) continue;
    for (const {digest} of [config, ...layers]) found.set(digest, other.repository);
  }
  return found;
}

async function eachInParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({length: atOnce}, worker));
}
