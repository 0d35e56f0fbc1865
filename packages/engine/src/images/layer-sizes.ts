import {expectedSize, type ImageStore, type StoredImage} from '@minicontainer/image';
import {SnapshotIndex} from '@minicontainer/rootfs';
import {layerIds} from '../image/ids-key.ts';

/** Tells how many bytes each layer of an image has without compression, lowest first. */
export type LayerMeasure = (image: Pick<StoredImage, 'layers' | 'chains'>) => number[];

/**
 * What was counted when a layer was unpacked; for one that is not unpacked here, what it says of itself, and
 * where it does not, its compressed size.
 */
export function layerMeasure(store: ImageStore): LayerMeasure {
  const index = new SnapshotIndex(store.root);
  const {key} = layerIds(undefined);
  return ({layers, chains}) =>
    layers.map(({digest, size}, place) => {
      const counted = index.find(`${chains[place]}${key}`)?.archiveBytes;
      return counted ?? (expectedSize(store.blobPath(digest)) || size);
    });
}

/** Bytes of all layers together. */
export function unpackedSize(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
