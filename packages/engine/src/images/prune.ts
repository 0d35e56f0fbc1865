import type {StoredImage} from '@minicontainer/image';
import {imageUsers} from './image-users.ts';
import {forget, type RemovedImages, type RemoveImagesOptions} from './remove.ts';

export interface PruneImagesOptions extends Omit<RemoveImagesOptions, 'force'> {
  /** Images with a name, too. */
  readonly all?: boolean;
  /** Which of those to remove; every one unless said. */
  readonly filter?: (image: StoredImage) => boolean;
}

/**
 * Removes images that no container uses: those without a name, or all; and everything in the store that
 * nothing reaches, such as parts of fetches that were killed.
 */
export async function pruneImages(options: PruneImagesOptions = {}): Promise<RemovedImages> {
  const {all = false, filter = () => true} = options;
  return await forget(options, (store, images) => {
    const users = imageUsers(store);
    return images.filter(
      (image) =>
        (all || image.name === undefined) && !users.has(image.manifest.digest) && filter(image),
    );
  });
}
