import {openStore, type ProgressListener, type StoredImage} from '@minicontainer/image';
import type {Omissions} from '@minicontainer/rootfs';
import {type LayerIds, layerIds} from '../image/ids-key.ts';
import {callerState} from '../state.ts';
import {unpackImage} from './unpack-image.ts';

export interface UnpackStoredOptions {
  /** In whose ids it is unpacked; the caller's own unless said. */
  readonly ids?: LayerIds | undefined;
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Unpacks an image of the store, where it is not. */
export async function unpackStored(
  image: StoredImage,
  {ids = layerIds(undefined), progress, signal}: UnpackStoredOptions,
): Promise<Omissions> {
  const store = openStore(callerState());
  await using lease = await store.lease();
  await lease.protect({blobs: image.layers.map(({digest}) => digest)});
  // Awaited here: the lease is to hold until it has ended.
  return await unpackImage(image, {store, lease, ids, progress, signal});
}
