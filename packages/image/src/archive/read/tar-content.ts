import {posix} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {displayName, readTar, type TarEntry} from '@minicontainer/tar';
import {isDigest, shortDigest} from '../../digest/digest.ts';
import type {Descriptor} from '../../manifest/descriptor.ts';
import {type ArchiveContent, type ContentPlace, layoutPath, worthTelling} from './content.ts';

/** More files than that no image has; they would all be remembered. */
const mostFiles = 20_000;
/** Links that stand for links. */
const mostLinks = 8;
/** Docker's first format keeps these beside each layer, and nobody reads them. */
const isSuperfluous = /(?:^|\/)(?:VERSION|json|repositories)$/;

/**
 * Takes an archive as it comes, which is all that a pipe allows: every file of it goes into the store, and
 * what the images turn out not to need is the caller's to discard.
 */
export class TarContent implements ArchiveContent {
  readonly name: string;
  readonly #place: ContentPlace;
  readonly #files = new Map<string, Descriptor>();
  readonly #links = new Map<string, string>();

  constructor(place: ContentPlace) {
    this.name = place.name;
    this.#place = place;
  }

  /** @throws {MinicontainerError} `ETAR` for what is no archive; `EDIGEST` for a blob of other bytes */
  async read(source: AsyncIterable<Buffer>): Promise<void> {
    for await (const entry of readTar(source)) {
      const {header} = entry;
      const path = inside(header.path);
      if (this.#files.size + this.#links.size >= mostFiles) {
        throw new MinicontainerError('EMANIFEST', `${this.name} has more than ${mostFiles} files`);
      }
      if (header.type === 'symlink') {
        this.#links.set(path, inside(posix.join(posix.dirname(path), header.linkPath)));
      } else if (header.type === 'hardlink') this.#links.set(path, inside(header.linkPath));
      else if (header.type === 'file' && !isSuperfluous.test(path)) {
        this.#files.set(path, await this.#keep(path, entry));
      }
    }
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  async file(path: string): Promise<Descriptor> {
    const found = this.#find(inside(path));
    if (found !== undefined) return found;
    throw new MinicontainerError('EMANIFEST', `${this.name} has no ${displayName(path)}`);
  }

  async blob({digest}: Descriptor): Promise<void> {
    await this.file(layoutPath(digest));
  }

  async #keep(path: string, {header, data}: TarEntry): Promise<Descriptor> {
    const {store, lease, added} = this.#place;
    const progress = header.size >= worthTelling ? this.#place.progress : undefined;
    if (header.sparse !== undefined) {
      throw new MinicontainerError(
        'EMANIFEST',
        `${this.name} has a sparse file, ${displayName(path)}`,
      );
    }
    const [, algorithm, encoded] = /^blobs\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    const digest = `${algorithm}:${encoded}`;
    if (!isDigest(digest)) {
      const kept = await store.keepStream(data, unknownType, lease);
      added.add(kept.digest);
      this.#tell(kept, 'done');
      return kept;
    }
    const descriptor = {mediaType: unknownType, digest, size: header.size};
    await lease.protect({blobs: [digest]});
    const fetch = async () => ({offset: 0, body: data});
    const how = await store.ingest(descriptor, fetch, {progress, discardPartial: true});
    if (how === 'fetched') added.add(digest);
    this.#tell(descriptor, how === 'fetched' ? 'done' : 'exists');
    return descriptor;
  }

  #tell({digest, size}: Descriptor, phase: 'done' | 'exists'): void {
    const id = shortDigest(digest);
    if (size < worthTelling) return;
    this.#place.progress?.({id, phase, currentBytes: size, totalBytes: size});
  }

  #find(path: string): Descriptor | undefined {
    let target = path;
    for (let count = 0; count < mostLinks; count++) {
      const found = this.#files.get(target);
      if (found !== undefined) return found;
      const next = this.#links.get(target);
      if (next === undefined) return undefined;
      target = next;
    }
    return undefined;
  }
}

const unknownType = 'application/octet-stream';

/** A name without what leads to it; one that leads out names nothing that is there. */
function inside(path: string): string {
  return posix.normalize(`/${path}`).slice(1).replace(/\/$/, '');
}
