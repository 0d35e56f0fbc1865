import {readConfig} from '../../manifest/config.ts';
import type {Descriptor} from '../../manifest/descriptor.ts';
import {MEDIA_TYPE} from '../../manifest/media-types.ts';
import {familiarName, fullName, parseReference} from '../../reference/reference.ts';
import type {ImageStore} from '../../store/store.ts';
import {layoutPath} from '../read/content.ts';

/** An image to save, and the names that it is to have there. */
export interface SavedImage {
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
  /** As `fullName` has them. */
  readonly names: readonly string[];
}

/** One file of what is written: a document, or a blob of the store. */
export interface LayoutFile {
  readonly path: string;
  readonly content: Buffer | Descriptor;
}

export type SaveForm = 'oci' | 'docker';

/**
 * The files of an OCI layout of some images, in one order, whatever order they were asked for in. For Docker
 * it has a `manifest.json` besides, in which its layers are the layout's own: so both read one archive, and
 * find the digests that the images have here.
 *
 * @see OCI image spec, image-layout.md
 */
export async function layoutFiles(
  store: ImageStore,
  images: readonly SavedImage[],
  form: SaveForm,
): Promise<readonly LayoutFile[]> {
  const blobs = new Map<string, Descriptor>();
  for (const {manifest, config, layers} of images) {
    for (const part of [manifest, config, ...layers]) blobs.set(layoutPath(part.digest), part);
  }
  const files: LayoutFile[] = [...blobs].map(([path, content]) => ({path, content}));
  files.push({path: 'index.json', content: json(await indexOf(store, images))});
  if (form === 'docker') files.push({path: 'manifest.json', content: json(images.map(entryOf))});
  files.push({path: 'oci-layout', content: json({imageLayoutVersion: '1.0.0'})});
  return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function indexOf(store: ImageStore, images: readonly SavedImage[]) {
  const manifests: object[] = [];
  for (const {manifest, config, names} of images) {
    const {platform} = readConfig(await store.readBlob(config));
    const {mediaType, digest, size} = manifest;
    const entry = {mediaType, digest, size, platform};
    if (names.length === 0) manifests.push(entry);
    for (const name of names) manifests.push({...entry, annotations: annotationsOf(name)});
  }
  return {schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests};
}

/** The first is for Docker and containerd, the second for all others. */
function annotationsOf(name: string): object {
  return {'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name};
}

/** One image of Docker's `manifest.json`. */
function entryOf({config, layers, names}: SavedImage): object {
  return {
    Config: layoutPath(config.digest),
    RepoTags: names.length === 0 ? null : names.map(dockerName),
    Layers: layers.map(({digest}) => layoutPath(digest)),
  };
}

/** As Docker writes it, which has no names with digests. */
function dockerName(name: string): string {
  const {digest, ...reference} = parseReference(name);
  return digest === undefined
    ? familiarName(reference)
    : familiarName(parseReference(fullName(reference)));
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
