import {chainIds} from '../digest/chain-id.ts';
import {type Digest, hexOf} from '../digest/digest.ts';
import type {ImageSettings} from '../manifest/config.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import type {Platform} from '../manifest/platform.ts';
import type {ResolvedImage} from '../manifest/resolve.ts';

/**
 * An image of the store under one of its names: all that a container needs to begin, in one small file, so
 * that `run` reads neither manifest nor configuration.
 */
export interface StoredImage {
  /** As `fullName` has it; none once another image has taken the last name (`<none>`). */
  readonly name?: string;
  /** Of the configuration: what people call the image's id. */
  readonly id: Digest;
  /** Of what the name stood for where it was had: an index, or the manifest itself. */
  readonly digest: Digest;
  readonly manifest: Descriptor;
  readonly platform: Platform;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly Digest[];
  /** Chain ids of the layers, as their snapshots are named. */
  readonly chains: readonly string[];
  readonly settings: ImageSettings;
  /** When the image was made, as it says itself. */
  readonly created?: string;
  /** When it got this name here, in ISO 8601. */
  readonly namedAt: string;
}

/** What the store remembers of an image under a name. */
export function storedImage(
  name: string | undefined,
  digest: Digest,
  {descriptor, manifest, config}: ResolvedImage,
  platform: Platform = config.platform,
): StoredImage {
  const {created} = config;
  return Object.freeze({
    ...(name === undefined ? {} : {name}),
    id: manifest.config.digest,
    digest,
    manifest: descriptor,
    platform,
    config: manifest.config,
    layers: manifest.layers,
    diffIds: config.diffIds,
    chains: chainIds(config.diffIds).map(hexOf),
    settings: config.settings,
    ...(created === undefined ? {} : {created}),
    namedAt: new Date().toISOString(),
  });
}

/** The same image without a name. */
export function withoutName({name, ...image}: StoredImage): StoredImage {
  return Object.freeze(image);
}

const version = 1;

export function encodeImage(image: StoredImage): string {
  return JSON.stringify({version, image});
}

/** What `encodeImage` wrote; undefined for what was cut short by a loss of power, or is of another version. */
export function decodeImage(text: string): StoredImage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEncoded(value) ? value.image : undefined;
  } catch {
    return undefined;
  }
}

/** The file is the store's own, and was written whole: its version vouches for the rest. */
function isEncoded(value: unknown): value is {image: StoredImage} {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === version &&
    'image' in value
  );
}
