import {MinicontainerError} from '@minicontainer/errors';
import {fullName, openStore, parseReference, type StoredImage} from '@minicontainer/image';
import {callerState} from '../state.ts';

/**
 * Gives an image another name. An image that had that name keeps none.
 *
 * @param source a name, or the beginning of an id
 * @param target the new name; `latest` where it has no tag
 * @throws {MinicontainerError} `EIMAGE` when there is no such image; `EREFERENCE` for what is no name
 */
export async function tagImage(
  source: string,
  target: string,
  root: string = callerState(),
): Promise<StoredImage> {
  const reference = parseReference(target);
  if (reference.digest !== undefined) {
    throw new MinicontainerError('EREFERENCE', `${target} has a digest, which cannot be given`, {
      hint: 'leave out what follows the @',
    });
  }
  const store = openStore(root);
  const {digest, manifest, platform} = store.find(source);
  return await store.setName(fullName(reference), {digest, manifest, platform});
}
