import {MinicontainerError} from '@minicontainer/errors';
import {type ImageConfig, longestConfig, readConfig} from './config.ts';
import type {Descriptor} from './descriptor.ts';
import {type ImageManifest, longestManifest, readDocument, readManifest} from './manifest.ts';
import {type Platform, platformDistance} from './platform.ts';
import {findPlatform, noPlatform, platformsOf, unsaid} from './select.ts';

/** One platform's image: what names it, what it says, and how it is configured. */
export interface ResolvedImage {
  /** Of the manifest, with the platform its config says. */
  readonly descriptor: Descriptor;
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
}

/** Has the verified bytes of a small blob. */
export type ReadBlob = (descriptor: Descriptor) => Promise<Uint8Array>;

const deepestNesting = 5;
/** An index of indexes could ask for millions. */
const mostDocuments = 64;

/**
 * Finds the image for a platform behind a descriptor of an index, of indexes in indexes, or of a manifest.
 *
 * @param read has the verified bytes of a descriptor, from a registry or a store
 * @param what names the image in errors, such as the reference it was asked by
 * @throws {MinicontainerError} `EPLATFORM`, which says what there is; `EMANIFEST` for what is malformed,
 *   nested deeper than five indexes, or endless
 */
export async function resolveImage(
  root: Descriptor,
  wanted: Platform,
  read: ReadBlob,
  what = 'image',
): Promise<ResolvedImage> {
  const there: Platform[] = [];
  let documents = 0;

  async function visit(descriptor: Descriptor, depth: number): Promise<ResolvedImage | undefined> {
    documents += 1;
    if (documents > mostDocuments) {
      throw new MinicontainerError(
        'EMANIFEST',
        `${what} needs more than ${mostDocuments} manifests to be read`,
      );
    }
    const name = `manifest ${descriptor.digest}`;
    requireSize(descriptor, longestManifest, name);
    const document = readDocument(await read(descriptor), descriptor.mediaType, name);
    if (document.kind === 'manifest') return await judge(descriptor, document.manifest);
    if (depth > deepestNesting) {
      throw new MinicontainerError(
        'EMANIFEST',
        `${what} has indexes nested deeper than ${deepestNesting}`,
      );
    }
    const {manifests} = document.index;
    there.push(...platformsOf(manifests));
    const found = findPlatform(manifests, wanted);
    for (const next of found === undefined ? unsaid(manifests) : [found]) {
      const image = await visit(next, depth + 1);
      if (image !== undefined) return image;
    }
    return undefined;
  }

  async function judge(
    descriptor: Descriptor,
    manifest: ImageManifest,
  ): Promise<ResolvedImage | undefined> {
    const config = await readConfigOf(manifest, read);
    there.push(config.platform);
    // An index may know the variant where the config says none: its word is as good.
    const {platform} = descriptor;
    const said = platform === undefined ? undefined : platformDistance(platform, wanted);
    if (said === undefined && platformDistance(config.platform, wanted) === undefined)
      return undefined;
    return {descriptor: {...descriptor, platform: config.platform}, manifest, config};
  }

  const image = await visit(root, 1);
  if (image === undefined) throw noPlatform(there, wanted, what);
  return image;
}

/**
 * The image of a manifest, whatever platform it is for.
 *
 * @throws {MinicontainerError} `EMANIFEST` for an index, too
 */
export async function readImage(descriptor: Descriptor, read: ReadBlob): Promise<ResolvedImage> {
  const name = `manifest ${descriptor.digest}`;
  requireSize(descriptor, longestManifest, name);
  const manifest = readManifest(await read(descriptor), descriptor.mediaType, name);
  return {descriptor, manifest, config: await readConfigOf(manifest, read)};
}

async function readConfigOf(manifest: ImageManifest, read: ReadBlob): Promise<ImageConfig> {
  const name = `config ${manifest.config.digest}`;
  requireSize(manifest.config, longestConfig, name);
  return readConfig(await read(manifest.config), manifest, name);
}

function requireSize({size}: Descriptor, limit: number, name: string): void {
  if (size <= limit) return;
  throw new MinicontainerError('EMANIFEST', `${name} has ${size} bytes, ${limit} at most are read`);
}
