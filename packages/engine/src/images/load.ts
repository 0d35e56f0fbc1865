import {
  type ImageSource,
  type ImageStore,
  type LoadOptions,
  loadImages,
  openStore,
  parsePlatform,
  type StoredImage,
} from '@minicontainer/image';
import type {Omissions} from '@minicontainer/rootfs';
import {layerIds} from '../image/ids-key.ts';
import {callerState} from '../state.ts';
import {leavingNothing} from './attempt.ts';
import {unpackImage} from './unpack-image.ts';
import type {UnpackStoredOptions} from './unpack-stored.ts';

export interface LoadImageOptions extends UnpackStoredOptions {
  /** As `--platform` has it; this machine's unless said. */
  readonly platform?: string | undefined;
}

export interface LoadedImage {
  readonly image: StoredImage;
  /** What was left out, or is other than the image says. */
  readonly omissions: Omissions;
}

/**
 * Brings the images of an archive or of a directory into the store and unpacks them: an OCI layout, or what
 * `docker save` and `podman save` write, whichever it is; compressed or not.
 *
 * @param source a path, or the bytes of an archive, which are read once, and are their owner's to end
 * @returns each image under each of its names, or without one
 * @throws {MinicontainerError} `EMANIFEST`, `EDIGEST`, `ETAR`, `ECOMPRESSION`, `EPLATFORM`, `EIMAGE`,
 *   `EUNPACK`, `ESTORE`; then the store has nothing of it, but for images that were loaded before
 */
export async function loadImage(
  source: ImageSource,
  {platform, ...options}: LoadImageOptions = {},
): Promise<readonly LoadedImage[]> {
  return await loadAndUnpack(openStore(callerState()), source, {
    ...options,
    platform: platform === undefined ? undefined : parsePlatform(platform),
  });
}

/** As `loadImage`, of the images that are wanted. */
export async function loadAndUnpack(
  store: ImageStore,
  source: ImageSource,
  {ids = layerIds(undefined), ...options}: LoadOptions & UnpackStoredOptions,
): Promise<readonly LoadedImage[]> {
  const omitted = new Map<string, Omissions>();
  // Below a layer that is refused there may be others, unpacked by then.
  const images = await leavingNothing(store, options.signal, ({signal}) =>
    loadImages(store, source, {
      ...{...options, signal},
      prepare: async ({descriptor, manifest, config}, lease) => {
        const {layers} = manifest;
        const {diffIds} = config;
        const unpacking = {store, lease, ids, progress: options.progress, signal};
        omitted.set(descriptor.digest, await unpackImage({layers, diffIds}, unpacking));
      },
    }),
  );
  return images.map((image) => ({
    image,
    omissions: omitted.get(image.manifest.digest) ?? {devices: 0, squashedOwners: 0},
  }));
}
