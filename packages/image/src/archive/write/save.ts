import {createWriteStream, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {TarWriter} from '@minicontainer/tar';
import {hexOf} from '../../digest/digest.ts';
import type {ImageStore} from '../../store/store.ts';
import {dirVersion, dirVersionFile} from '../read/dir-transport.ts';
import {type LayoutFile, layoutFiles, type SavedImage, type SaveForm} from './files.ts';

/**
 * Writes images as an archive. The same images under the same names make the same bytes, whenever and
 * wherever they are saved.
 *
 * @param write takes the next bytes; what it returns is awaited
 * @throws {MinicontainerError} `ESTORE` or `EDIGEST` when a blob is missing or damaged
 */
export async function saveArchive(
  store: ImageStore,
  images: readonly SavedImage[],
  form: SaveForm,
  write: (chunk: Buffer) => Promise<void> | void,
): Promise<void> {
  const files = await layoutFiles(store, images, form);
  const archive = new TarWriter(write);
  for (const directory of directoriesOf(files)) {
    await archive.add({type: 'directory', path: `${directory}/`});
  }
  for (const {path, content} of files) {
    if (Buffer.isBuffer(content)) await archive.add({type: 'file', path}, content);
    else {
      await archive.add({type: 'file', path, size: content.size}, store.openBlob(content));
    }
  }
  await archive.end();
}

/**
 * Writes images as an OCI layout into a directory, which is made.
 *
 * @throws {MinicontainerError} as `saveArchive`; what Node throws where it cannot write
 */
export async function saveDirectory(
  store: ImageStore,
  images: readonly SavedImage[],
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  await writeFiles(store, await layoutFiles(store, images, 'oci'), directory, signal);
}

/** Writes one image as a directory of skopeo's `dir:`: its manifest as it is, and blobs by their digits. */
export async function saveDirTransport(
  store: ImageStore,
  {manifest, config, layers}: SavedImage,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  const blobs = [config, ...layers].map((content) => ({path: hexOf(content.digest), content}));
  const files: LayoutFile[] = [
    ...blobs,
    {path: 'manifest.json', content: manifest},
    {path: dirVersionFile, content: Buffer.from(dirVersion)},
  ];
  await writeFiles(store, files, directory, signal);
}

async function writeFiles(
  store: ImageStore,
  files: readonly LayoutFile[],
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const name of directoriesOf(files)) mkdirSync(join(directory, name), {recursive: true});
  for (const {path, content} of files) {
    const bytes = Buffer.isBuffer(content) ? [content] : store.openBlob(content);
    await pipeline(Readable.from(bytes), createWriteStream(join(directory, path)), {
      ...(signal === undefined ? {} : {signal}),
    });
  }
}

/** Those that the files are in, each before what is in it. */
function directoriesOf(files: readonly LayoutFile[]): readonly string[] {
  const found = new Set<string>();
  for (const {path} of files) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, depth) => {
      found.add(parts.slice(0, depth + 1).join('/'));
    });
  }
  return [...found].sort();
}
