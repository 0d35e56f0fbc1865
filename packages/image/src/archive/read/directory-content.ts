import {createReadStream, existsSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import type {Descriptor} from '../../manifest/descriptor.ts';
import {type ArchiveContent, type ContentPlace, layoutPath, worthTelling} from './content.ts';

const chunkBytes = 1 << 20;

/** Takes from a directory what is asked for, and no more. */
export class DirectoryContent implements ArchiveContent {
  readonly name: string;
  readonly #place: ContentPlace;

  constructor(place: ContentPlace) {
    this.name = place.name;
    this.#place = place;
  }

  has(path: string): boolean {
    return existsSync(join(this.name, path));
  }

  async file(path: string): Promise<Descriptor> {
    const {store, lease, added} = this.#place;
    const bytes = createReadStream(this.#locate(path).file, {highWaterMark: chunkBytes});
    const kept = await store.keepStream(bytes, 'application/octet-stream', lease);
    added.add(kept.digest);
    return kept;
  }

  async blob(descriptor: Descriptor): Promise<void> {
    const {store, lease, added, signal} = this.#place;
    const progress = descriptor.size >= worthTelling ? this.#place.progress : undefined;
    await lease.protect({blobs: [descriptor.digest]});
    if (store.hasBlob(descriptor)) return;
    const {file, size} = this.#locate(layoutPath(descriptor.digest));
    if (size !== descriptor.size) {
      throw new MinicontainerError(
        'EDIGEST',
        `${file} has ${size} bytes, its descriptor says ${descriptor.size}`,
      );
    }
    await store.ingest(
      descriptor,
      async (start) => ({
        offset: start,
        body: createReadStream(file, {start, highWaterMark: chunkBytes}),
      }),
      {progress, signal, discardPartial: true},
    );
    added.add(descriptor.digest);
  }

  #locate(path: string): {file: string; size: number} {
    const file = join(this.name, path);
    const found = statSync(file, {throwIfNoEntry: false});
    if (found?.isFile() === true) return {file, size: found.size};
    throw new MinicontainerError('EMANIFEST', `${this.name} has no ${path}`);
  }
}
