import {MinicontainerError} from '@minicontainer/errors';
import {openStore, parseReference, type StoredImage} from '@minicontainer/image';
import {parseArchiveSource} from '../image/archive-source.ts';
import {isFor} from '../image/is-for.ts';
import {callerState} from '../state.ts';
import {provideArchive} from './provide-archive.ts';
import {isOutdated, pullImage} from './pull.ts';
import type {PulledImage, PullOptions} from './pulled-image.ts';
import {unpackStored} from './unpack-stored.ts';

/** When a registry is asked: only for what is not here, each time, each time for its digest, or never. */
export type PullPolicy = 'missing' | 'always' | 'newer' | 'never';

export interface ProvideOptions extends PullOptions {
  /** `missing` unless said. */
  readonly policy?: PullPolicy;
}

/**
 * Sees to it that an image is here and unpacked.
 *
 * @param text a name, for an image that is here the beginning of its id, or an archive (`parseArchiveSource`)
 * @throws {MinicontainerError} as `pullImage`; `EIMAGE` when it is not here and may not be fetched
 */
export async function provideImage(
  text: string,
  options: ProvideOptions = {},
): Promise<PulledImage> {
  const archive = parseArchiveSource(text);
  if (archive !== undefined) return provideArchive(archive, options);
  const policy = options.policy ?? 'missing';
  const image = openStore(callerState()).tryFind(text);
  const here = image !== undefined && isFor(image, options.platform) ? image : undefined;
  if (policy === 'never' && here === undefined) throw notHere(text, image, options.platform);
  if (here === undefined || policy === 'always') return pullImage(text, options);
  if (policy === 'newer' && (await isOutdated(here, parseReference(text), registryOf(options)))) {
    return pullImage(text, options);
  }
  return {image: here, isNew: false, omissions: await unpackStored(here, options)};
}

function registryOf({registry, signal}: PullOptions) {
  return {...registry, ...(signal === undefined ? {} : {signal})};
}

function notHere(
  text: string,
  image: StoredImage | undefined,
  platform: string | undefined,
): MinicontainerError {
  const {os, architecture} = image?.platform ?? {};
  const what =
    image === undefined ? 'is not here' : `is here for ${os}/${architecture}, not ${platform}`;
  return new MinicontainerError('EIMAGE', `the image ${text} ${what}`, {
    hint: `fetch it: minicontainer pull ${platform ? `--platform ${platform} ` : ''}${text}`,
  });
}
