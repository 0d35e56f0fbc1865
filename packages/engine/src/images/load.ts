import {
  type ImageSource,
  loadImages,
  openStore,
  type ProgressListener,
  parsePlatform,
  type StoredImage,
} from '@minicontainer/image';
import {callerState} from '../state.ts';

export interface LoadImageOptions {
  /** As `--platform` has it; this machine's unless said. */
  readonly platform?: string | undefined;
  readonly progress?: ProgressListener | undefined;
  /** Ends it as a failure does; bytes that are given are their owner's to end. */
  readonly signal?: AbortSignal | undefined;
  /** Of the store; the caller's unless said. */
  readonly root?: string | undefined;
}

/**
 * Brings the images of an archive or of a directory into the store: an OCI layout, or what `docker save` and
 * `podman save` write, whichever it is; compressed or not. They are unpacked when they are first run.
 *
 * @param source a path, or the bytes of an archive, which are read once
 * @returns each image under each of its names, or without one
 * @throws {MinicontainerError} `EMANIFEST`, `EDIGEST`, `ETAR`, `ECOMPRESSION`, `EPLATFORM`, `EIMAGE`,
 *   `ESTORE`; then the store has nothing of it
 */
export async function loadImage(
  source: ImageSource,
  {platform, progress, signal, root = callerState()}: LoadImageOptions = {},
): Promise<readonly StoredImage[]> {
  return await loadImages(openStore(root), source, {
    ...{progress, signal},
    platform: platform === undefined ? undefined : parsePlatform(platform),
  });
}
