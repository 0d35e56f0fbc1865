import {MinicontainerError} from '@minicontainer/errors';
import {shortDigest} from '../digest/digest.ts';
import {fullName, type ImageReference, parseReference} from '../reference/reference.ts';
import {readImage, readImages} from './refs.ts';
import type {StoredImage} from './stored-image.ts';

/**
 * The image that a person means: by name, by `name@digest`, or by the beginning of its id.
 *
 * @returns undefined when there is none
 * @throws {MinicontainerError} `EIMAGE` when several ids begin so; `EREFERENCE` for what is neither
 */
export function tryFindImage(root: string, text: string): StoredImage | undefined {
  const prefix = /^(?:sha256:)?([0-9a-f]{1,64})$/.exec(text)?.[1];
  // A name wins over an id, as in Docker; 64 digits, or the algorithm before them, are no name.
  const isName = prefix === undefined || (prefix === text && text.length < 64);
  const named = isName ? byReference(root, parseReference(text)) : undefined;
  if (named !== undefined || prefix === undefined) return named;
  return byId(root, prefix);
}

/** As `tryFindImage`. @throws {MinicontainerError} `EIMAGE` when there is none, too */
export function findImage(root: string, text: string): StoredImage {
  const found = tryFindImage(root, text);
  if (found !== undefined) return found;
  throw new MinicontainerError('EIMAGE', `there is no image ${text} here`, {
    hint: `minicontainer images lists what there is, minicontainer pull ${text} fetches it`,
  });
}

function byReference(root: string, reference: ImageReference): StoredImage | undefined {
  const {digest, registry, repository} = reference;
  const found = readImage(root, fullName(reference));
  if (found !== undefined || digest === undefined) return found;
  const repositoryName = `${registry}/${repository}`;
  return readImages(root).find(
    (image) =>
      (image.digest === digest || image.manifest.digest === digest) &&
      image.name !== undefined &&
      /^(.*?)(?::[^/]*)?(?:@.*)?$/.exec(image.name)?.[1] === repositoryName,
  );
}

function byId(root: string, prefix: string): StoredImage | undefined {
  const found = readImages(root).filter(({id}) => id.startsWith(`sha256:${prefix}`));
  const ids = [...new Set(found.map(({id}) => id))];
  if (ids.length <= 1) return found[0];
  throw new MinicontainerError(
    'EIMAGE',
    `${ids.length} images have an id that begins with ${prefix}`,
    {
      hint: `write more of it: ${ids.slice(0, 5).map(shortDigest).join(', ')}${ids.length > 5 ? ', …' : ''}`,
    },
  );
}
