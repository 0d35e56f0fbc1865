import {MinicontainerError} from '@minicontainer/errors';
import {
  fullName,
  type ImageStore,
  openStore,
  parseReference,
  type SavedImage,
  type StoredImage,
  saveArchive,
  saveDirectory,
  saveDirTransport,
} from '@minicontainer/image';
import {callerState} from '../state.ts';
import {makeDirectory, replaceFile} from './output-file.ts';

/** As podman names them; of Docker's form is what `docker save` writes today, an OCI layout as well. */
export const saveFormats = ['docker-archive', 'oci-archive', 'oci-dir', 'docker-dir'] as const;

export type SaveFormat = (typeof saveFormats)[number];

export interface SaveImageOptions {
  /** `docker-archive` unless said. */
  readonly format?: SaveFormat | undefined;
  /** A path, or what takes the bytes of an archive one after the other. */
  readonly output: string | ((chunk: Buffer) => Promise<void> | void);
  /** Ends it as a failure does. */
  readonly signal?: AbortSignal | undefined;
  /** Of the store; the caller's unless said. */
  readonly root?: string | undefined;
}

/**
 * Writes images into an archive or a directory, under the names by which they are asked for. The same images
 * make the same bytes. A file appears when it is whole; a directory must not be there, or be empty.
 *
 * @param texts names, or beginnings of ids: these are saved without names
 * @throws {MinicontainerError} `EIMAGE` for one that is not here, `ESTORE` when a part of one is missing,
 *   `EOUTPUT` where nothing can be written
 */
export async function saveImage(
  texts: readonly string[],
  {format = 'docker-archive', output, signal, root = callerState()}: SaveImageOptions,
): Promise<void> {
  const store = openStore(root);
  await using lease = await store.lease();
  const images = chooseImages(store, texts);
  const parts = images.flatMap(({manifest, config, layers}) => [manifest, config, ...layers]);
  await lease.protect({blobs: parts.map(({digest}) => digest)});
  for (const part of parts) {
    if (store.hasBlob(part)) continue;
    throw new MinicontainerError('ESTORE', `a part of the image is missing: ${part.digest}`, {
      hint: 'pull or load it again',
    });
  }
  if (format === 'oci-dir' || format === 'docker-dir') {
    if (typeof output !== 'string') throw new TypeError('a directory has a path');
    const [image, ...more] = images;
    if (format === 'docker-dir' && more.length > 0) {
      throw new MinicontainerError('EOUTPUT', 'a directory of docker-dir has one image', {
        hint: 'save them one by one, or as docker-archive',
      });
    }
    await makeDirectory(output, async (directory) => {
      if (format === 'oci-dir') await saveDirectory(store, images, directory, signal);
      else if (image !== undefined) await saveDirTransport(store, image, directory, signal);
    });
    return;
  }
  const form = format === 'docker-archive' ? 'docker' : 'oci';
  const save = (write: (chunk: Buffer) => Promise<void> | void) =>
    saveArchive(store, images, form, (chunk) => {
      signal?.throwIfAborted();
      return write(chunk);
    });
  await (typeof output === 'string' ? replaceFile(output, save) : save(output));
}

/** Each image once, with all names by which it was asked for. */
function chooseImages(store: ImageStore, texts: readonly string[]): readonly SavedImage[] {
  const chosen = new Map<string, SavedImage>();
  for (const text of texts) {
    const image = store.find(text);
    const {manifest, config, layers} = image;
    const before = chosen.get(manifest.digest)?.names ?? [];
    const names = [...new Set([...before, ...askedBy(text, image)])];
    chosen.set(manifest.digest, {manifest, config, layers, names});
  }
  return [...chosen.values()];
}

function askedBy(text: string, {name, id}: StoredImage): readonly string[] {
  if (name === undefined) return [];
  if (
    /^(?:sha256:)?[0-9a-f]+$/.test(text) &&
    id.startsWith(`sha256:${text.replace('sha256:', '')}`)
  ) {
    // An id that is also a name is a name (find).
    return isName(text, name) ? [name] : [];
  }
  return [name];
}

function isName(text: string, name: string): boolean {
  return !text.startsWith('sha256:') && text.length < 64 && fullName(parseReference(text)) === name;
}
