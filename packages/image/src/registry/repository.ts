import {MinicontainerError} from '@minicontainer/errors';
import {type Digest, isDigest} from '../digest/digest.ts';
import {digesterLike} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import {isIndexType, isManifestType} from '../manifest/media-types.ts';
import {withRetries} from './attempts.ts';
import {type BlobDownload, downloadBlob} from './blob-download.ts';
import {endpointsOf, type RepositoryName} from './endpoints.ts';
import {RepositoryHost, type Session} from './host.ts';
import {downloadManifest, type RemoteManifest} from './manifest-download.ts';
import type {RegistryRule} from './registries-conf.ts';

/** A repository as it is pulled from: by its mirrors, then its registry. */
export class RemoteRepository {
  readonly name: RepositoryName;
  readonly #session: Session;
  readonly #places: readonly RepositoryHost[];

  /** @throws {MinicontainerError} `EREGISTRY` for one that registries.conf blocks */
  constructor(name: RepositoryName, rules: readonly RegistryRule[], session: Session) {
    this.name = name;
    this.#session = session;
    this.#places = endpointsOf(name, rules).map((place) => new RepositoryHost(place, session));
  }

  /**
   * What a tag or a digest names: a manifest or an index.
   *
   * @throws {MinicontainerError} as `downloadManifest`
   */
  resolve({tag, digest}: {tag?: string; digest?: Digest}): Promise<RemoteManifest> {
    return this.#manifest(digest ?? tag ?? 'latest');
  }

  /**
   * A manifest, an index, or a small blob such as an image's configuration, as a whole and verified.
   *
   * @throws {MinicontainerError} `EDIGEST` when what comes is something else; `EMANIFEST` for a blob
   *   longer than 8 MiB; else as `resolve` and `blob`
   */
  async read(descriptor: Descriptor): Promise<Buffer> {
    const {digest, mediaType, size} = descriptor;
    if (!isIndexType(mediaType) && !isManifestType(mediaType)) return this.#smallBlob(descriptor);
    const {bytes} = await this.#manifest(digest);
    if (bytes.length === size) return bytes;
    throw new MinicontainerError(
      'EDIGEST',
      `manifest ${digest} of ${this.name.repository} has ${bytes.length} bytes, not ${size}`,
    );
  }

  /**
   * A blob from a byte on, for `ImageStore.ingest`, which checks it.
   *
   * @throws {MinicontainerError} as `downloadBlob`
   */
  blob(descriptor: Descriptor, offset = 0): Promise<BlobDownload> {
    return downloadBlob(this.#placesFor('digest-only'), descriptor, offset);
  }

  async #smallBlob(descriptor: Descriptor): Promise<Buffer> {
    const {digest, size} = descriptor;
    if (size > longestSmallBlob) {
      throw new MinicontainerError(
        'EMANIFEST',
        `blob ${digest} has ${size} bytes, ${longestSmallBlob} at most are read`,
      );
    }
    const chunks: Uint8Array[] = [];
    const digester = digesterLike(digest);
    for await (const chunk of (await this.blob(descriptor)).body) {
      digester.update(chunk);
      chunks.push(chunk);
    }
    const found = digester.digest();
    if (found === digest) return Buffer.concat(chunks);
    throw new MinicontainerError(
      'EDIGEST',
      `${this.name.registry} sends another blob for ${digest} of ${this.name.repository}: its digest is ${found}`,
    );
  }

  async #manifest(tagOrDigest: string): Promise<RemoteManifest> {
    const places = this.#placesFor(isDigest(tagOrDigest) ? 'digest-only' : 'tag-only');
    const [last, ...mirrors] = places.toReversed();
    const {signal, retry, note} = this.#session;
    for (const mirror of mirrors.toReversed()) {
      try {
        const fewer = {...retry, attempts: 2};
        return await withRetries(fewer, signal, () => downloadManifest(mirror, tagOrDigest));
      } catch (error) {
        signal?.throwIfAborted();
        const message = error instanceof Error ? error.message : String(error);
        note(`the mirror ${mirror.endpoint.registry} is passed over: ${message}`);
      }
    }
    if (last === undefined) throw new RangeError('a repository has no place');
    return withRetries(retry, signal, () => downloadManifest(last, tagOrDigest));
  }

  #placesFor(pulls: 'digest-only' | 'tag-only'): readonly RepositoryHost[] {
    return this.#places.filter(
      ({endpoint}) => endpoint.pulls === 'all' || endpoint.pulls === pulls,
    );
  }
}

const longestSmallBlob = 8 * 1024 * 1024;
