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
import {PassedOver} from './passed-over.ts';
import type {RegistryRule} from './registries-conf.ts';
import {listTags} from './tags.ts';

/** A repository as it is pulled from: by its mirrors, then its registry. */
export class RemoteRepository {
  readonly name: RepositoryName;
  readonly #session: Session;
  readonly #places: readonly RepositoryHost[];
  readonly #passedOver = new PassedOver();
  readonly #passOver = (mirror: RepositoryHost, reason: unknown) =>
    this.#passedOver.add(mirror, reason);

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
   * The tags that the registry itself has: mirrors may have fewer.
   *
   * @throws {MinicontainerError} as `listTags`
   */
  tags(): Promise<string[]> {
    const place = this.#places.find(({endpoint}) => !endpoint.isMirror);
    if (place === undefined) throw new RangeError('a repository has no place');
    return listTags(place);
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
   * Fetches a blob; where a mirror has sent other bytes, once more from who is behind it.
   *
   * @param take gets the bytes from an offset on, and checks them, as `ImageStore.ingest` does
   * @throws {MinicontainerError} as `take` and `downloadBlob`
   */
  async fetchBlob<T>(
    descriptor: Descriptor,
    take: (from: (offset: number) => Promise<BlobDownload>) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const used = new Set<RepositoryHost>();
      const course = {used, passOver: this.#passOver};
      try {
        return await take((offset) =>
          downloadBlob(this.#placesFor('digest-only'), descriptor, offset, course),
        );
      } catch (error) {
        const mirrors = [...used].filter(({endpoint}) => endpoint.isMirror);
        const isOther = error instanceof MinicontainerError && error.code === 'EDIGEST';
        if (!isOther || mirrors.length === 0) throw error;
        for (const mirror of mirrors) this.#passOver(mirror, error);
      }
    }
  }

  async #smallBlob(descriptor: Descriptor): Promise<Buffer> {
    const {digest, size} = descriptor;
    if (size > longestSmallBlob) {
      throw new MinicontainerError(
        'EMANIFEST',
        `blob ${digest} has ${size} bytes, ${longestSmallBlob} at most are read`,
      );
    }
    return this.fetchBlob(descriptor, async (from) => {
      const chunks: Uint8Array[] = [];
      const digester = digesterLike(digest);
      for await (const chunk of (await from(0)).body) {
        digester.update(chunk);
        chunks.push(chunk);
      }
      const found = digester.digest();
      if (found === digest) return Buffer.concat(chunks);
      throw new MinicontainerError(
        'EDIGEST',
        `blob ${digest} of ${this.name.registry}/${this.name.repository} came with other bytes, of ${found}`,
      );
    });
  }

  async #manifest(tagOrDigest: string): Promise<RemoteManifest> {
    const places = this.#placesFor(isDigest(tagOrDigest) ? 'digest-only' : 'tag-only');
    const [last, ...mirrors] = places.toReversed();
    const {signal, retry} = this.#session;
    for (const mirror of mirrors.toReversed()) {
      try {
        const fewer = {...retry, attempts: 2};
        return await withRetries(fewer, signal, () => downloadManifest(mirror, tagOrDigest));
      } catch (error) {
        signal?.throwIfAborted();
        this.#passOver(mirror, error);
      }
    }
    if (last === undefined) throw new RangeError('a repository has no place');
    return withRetries(retry, signal, () => downloadManifest(last, tagOrDigest));
  }

  #placesFor(pulls: 'digest-only' | 'tag-only'): readonly RepositoryHost[] {
    return this.#places.filter(
      (place) =>
        (place.endpoint.pulls === 'all' || place.endpoint.pulls === pulls) &&
        !this.#passedOver.has(place),
    );
  }
}

const longestSmallBlob = 8 * 1024 * 1024;
