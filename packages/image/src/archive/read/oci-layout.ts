import {MinicontainerError} from '@minicontainer/errors';
import type {Descriptor} from '../../manifest/descriptor.ts';
import {Fields} from '../../manifest/fields.ts';
import {parseJson} from '../../manifest/json.ts';
import {type ImageIndex, readIndex} from '../../manifest/manifest.ts';
import {isIndexType, isManifestType} from '../../manifest/media-types.ts';
import type {Platform} from '../../manifest/platform.ts';
import {resolveImage} from '../../manifest/resolve.ts';
import {selectPlatform} from '../../manifest/select.ts';
import type {ImageStore, NamedImage} from '../../store/store.ts';
import type {ArchiveContent} from './content.ts';
import {imageName} from './image-name.ts';
import {severalImages} from './several-images.ts';

/** An image of an archive, all of it in the store, and what the archive calls it. */
export interface FoundImage {
  readonly image: NamedImage;
  /** As `fullName` has them; none where the archive has no name that says a repository. */
  readonly names: readonly string[];
}

export interface LayoutChoice {
  readonly platform: Platform;
  /** The one image that is wanted: as its entry in `index.json` is annotated. */
  readonly tag?: string | undefined;
  readonly one?: boolean | undefined;
}

/** Whether an archive is an OCI image layout. @see OCI image spec, image-layout.md */
export function isLayout(content: ArchiveContent): boolean {
  return content.has('oci-layout') && content.has('index.json');
}

/**
 * Brings the images of a layout into the store, each for one platform.
 *
 * @throws {MinicontainerError} `EMANIFEST`, `EDIGEST`, `EPLATFORM`; `EIMAGE` when there is none of that tag
 */
export async function readLayout(
  content: ArchiveContent,
  store: ImageStore,
  choice: LayoutChoice,
): Promise<readonly FoundImage[]> {
  requireVersion(await read(content, store, 'oci-layout'), content.name);
  const what = `${content.name}: index.json`;
  const index = readIndex(await read(content, store, 'index.json'), undefined, what);
  const found: FoundImage[] = [];
  for (const descriptor of chosen(index, choice, content.name)) {
    const image = await take(content, store, descriptor, choice.platform);
    const name = imageName(descriptor);
    const same = found.findIndex((other) => other.image.manifest.digest === image.manifest.digest);
    const names = [...(found[same]?.names ?? []), ...(name === undefined ? [] : [name])];
    if (same === -1) found.push({image, names});
    else found[same] = {image, names};
  }
  return found;
}

async function read(content: ArchiveContent, store: ImageStore, path: string): Promise<Buffer> {
  return await store.readBlob(await content.file(path));
}

function requireVersion(bytes: Buffer, name: string): void {
  const what = `${name}: oci-layout`;
  const fields = new Fields(parseJson(bytes, what, 4096), what);
  const version = fields.string('imageLayoutVersion');
  if (!/^1\./.test(version)) throw fields.refuse(`it is of version ${version}, not 1`);
}

/** Entries without names are one image for several platforms, or one image. */
function chosen(
  index: ImageIndex,
  {platform, tag, one}: LayoutChoice,
  name: string,
): readonly Descriptor[] {
  const images = index.manifests.filter(
    ({mediaType}) => isIndexType(mediaType) || isManifestType(mediaType),
  );
  if (tag !== undefined) return [withTag(images, tag, name)];
  const named = images.filter((descriptor) => labelOf(descriptor) !== undefined);
  const nameless = images.filter((descriptor) => labelOf(descriptor) === undefined);
  if (images.length === 0) throw new MinicontainerError('EIMAGE', `${name} has no image`);
  const all =
    nameless.length <= 1
      ? images
      : [...named, selectPlatform({...index, manifests: nameless}, platform, name)];
  const tags = [...new Set(all.map(labelOf))];
  if (one && tags.length > 1) throw severalImages(name, tags);
  return all;
}

function withTag(images: readonly Descriptor[], tag: string, name: string): Descriptor {
  const found = images.find(
    (descriptor) => labelOf(descriptor) === tag || imageName(descriptor) === tag,
  );
  if (found !== undefined) return found;
  const tags = images.map(labelOf).filter((label) => label !== undefined);
  throw new MinicontainerError('EIMAGE', `${name} has no image ${JSON.stringify(tag)}`, {
    hint: tags.length === 0 ? 'its images have no names' : `it has ${tags.slice(0, 10).join(', ')}`,
  });
}

function labelOf({annotations = {}}: Descriptor): string | undefined {
  return annotations['org.opencontainers.image.ref.name'];
}

async function take(
  content: ArchiveContent,
  store: ImageStore,
  descriptor: Descriptor,
  platform: Platform,
): Promise<NamedImage> {
  const resolved = await resolveImage(
    descriptor,
    platform,
    async (part) => {
      await content.blob(part);
      return await store.readBlob(part);
    },
    content.name,
  );
  for (const layer of resolved.manifest.layers) await content.blob(layer);
  const {mediaType, digest, size} = resolved.descriptor;
  return {
    digest: descriptor.digest,
    manifest: {mediaType, digest, size},
    platform: descriptor.platform ?? resolved.config.platform,
  };
}
