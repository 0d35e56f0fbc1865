import {MinicontainerError} from '@minicontainer/errors';
import {loadImages, openStore, parsePlatform} from '@minicontainer/image';
import type {ArchiveSource} from '../image/archive-source.ts';
import {callerState} from '../state.ts';
import type {PulledImage, PullOptions} from './pulled-image.ts';
import {unpackStored} from './unpack-stored.ts';

/**
 * Brings the one image into the store that is named by its archive, and unpacks it. Of a directory, what is
 * in the store is not read again.
 *
 * @throws {MinicontainerError} `EIMAGE` when there are several, and none is chosen; as `loadImage`
 */
export async function provideArchive(
  {form, path, wanted}: ArchiveSource,
  {platform, ...options}: PullOptions = {},
): Promise<PulledImage> {
  const store = openStore(callerState());
  const before = new Set(store.names().map(({manifest}) => manifest.digest));
  const [image] = await loadImages(store, path, {
    ...{form, wanted, one: true},
    signal: options.signal,
    platform: platform === undefined ? undefined : parsePlatform(platform),
  });
  if (image === undefined) throw new MinicontainerError('EIMAGE', `${path} has no image`);
  const omissions = await unpackStored(image, options);
  return {image, isNew: !before.has(image.manifest.digest), omissions};
}
