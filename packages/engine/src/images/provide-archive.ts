import {MinicontainerError} from '@minicontainer/errors';
import {openStore, parsePlatform} from '@minicontainer/image';
import type {ArchiveSource} from '../image/archive-source.ts';
import {callerState} from '../state.ts';
import {loadAndUnpack} from './load.ts';
import type {PulledImage, PullOptions} from './pulled-image.ts';

/**
 * Brings the one image into the store that is named by its archive, and unpacks it. Of a directory, what is
 * in the store is not read again.
 *
 * @throws {MinicontainerError} `EIMAGE` when there are several, and none is chosen; as `loadImage`
 */
export async function provideArchive(
  {form, path, wanted}: ArchiveSource,
  {platform, registry: _, ...options}: PullOptions = {},
): Promise<PulledImage> {
  const store = openStore(callerState());
  const before = new Set(store.names().map(({manifest}) => manifest.digest));
  const [loaded] = await loadAndUnpack(store, path, {
    ...options,
    ...{form, wanted, one: true},
    platform: platform === undefined ? undefined : parsePlatform(platform),
  });
  if (loaded === undefined) throw new MinicontainerError('EIMAGE', `${path} has no image`);
  return {...loaded, isNew: !before.has(loaded.image.manifest.digest)};
}
