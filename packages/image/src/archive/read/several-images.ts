import {MinicontainerError} from '@minicontainer/errors';

/** Where one image is to be named, and an archive has more. */
export function severalImages(
  archive: string,
  names: readonly (string | undefined)[],
): MinicontainerError {
  const known = names.filter((name) => name !== undefined);
  return new MinicontainerError('EIMAGE', `${archive} has ${names.length} images`, {
    hint: `write which one behind a colon: ${known.slice(0, 10).join(', ')}`,
  });
}
