import {MinicontainerError} from '@minicontainer/errors';
import {remoteText} from '../registry/remote-text.ts';
import type {Descriptor} from './descriptor.ts';
import type {ImageIndex} from './manifest.ts';
import {isIndexType, isManifestType} from './media-types.ts';
import {formatPlatform, type Platform, platformDistance} from './platform.ts';

/**
 * The image for a platform among those of an index: the newest variant that runs there, of equals the first.
 *
 * @param what names the index in errors, such as the reference it was had by
 * @throws {MinicontainerError} `EPLATFORM`, which says what there is
 */
export function selectPlatform(index: ImageIndex, wanted: Platform, what = 'image'): Descriptor {
  const found = findPlatform(index.manifests, wanted);
  if (found !== undefined) return found;
  throw noPlatform(platformsOf(index.manifests), wanted, what);
}

/** Of some descriptors the one for a platform, as `selectPlatform`; undefined for none. */
export function findPlatform(
  manifests: readonly Descriptor[],
  wanted: Platform,
): Descriptor | undefined {
  let best: {descriptor: Descriptor; distance: number} | undefined;
  for (const descriptor of manifests) {
    if (!isManifestType(descriptor.mediaType) || descriptor.platform === undefined) continue;
    const distance = platformDistance(descriptor.platform, wanted);
    if (distance === undefined || (best !== undefined && best.distance <= distance)) continue;
    best = {descriptor, distance};
  }
  return best?.descriptor;
}

/** Platforms that images say they are for. Attestations are kept beside images as `unknown/unknown`. */
export function platformsOf(manifests: readonly Descriptor[]): readonly Platform[] {
  return manifests.flatMap(({platform}) =>
    platform === undefined || platform.os === 'unknown' ? [] : [platform],
  );
}

/** @param there what the image can be had for */
export function noPlatform(
  there: readonly Platform[],
  wanted: Platform,
  what: string,
): MinicontainerError {
  const names = [
    ...new Set(there.map((platform) => remoteText(formatPlatform(platform), 60))),
  ].sort();
  const hint =
    names.length === 0 ? 'it has no images at all' : `it has ${remoteText(names.join(', '), 1000)}`;
  return new MinicontainerError('EPLATFORM', `${what} has no image for ${formatPlatform(wanted)}`, {
    hint,
  });
}

/** Entries of an index that may hold what was not found: other indexes, and images that say no platform. */
export function unsaid(manifests: readonly Descriptor[]): readonly Descriptor[] {
  return manifests.filter(
    ({mediaType, platform}) =>
      isIndexType(mediaType) || (isManifestType(mediaType) && platform === undefined),
  );
}
