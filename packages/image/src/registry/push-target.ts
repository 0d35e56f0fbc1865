import type {Descriptor} from '../manifest/descriptor.ts';
import {type UploadOptions, uploadBlob} from './blob-upload.ts';
import type {RepositoryName} from './endpoints.ts';
import type {RepositoryHost} from './host.ts';
import type {RemoteManifest} from './manifest-download.ts';
import {uploadManifest} from './manifest-upload.ts';

/** A repository as it is pushed to: at its registry, never at a mirror. */
export class PushTarget {
  readonly name: RepositoryName;
  readonly #host: RepositoryHost;

  constructor(name: RepositoryName, host: RepositoryHost) {
    this.name = name;
    this.#host = host;
  }

  /** @throws {MinicontainerError} as `uploadBlob` */
  blob(descriptor: Descriptor, options: UploadOptions): ReturnType<typeof uploadBlob> {
    return uploadBlob(this.#host, descriptor, options);
  }

  /**
   * After all that it names.
   *
   * @param tag by its digest alone unless said
   * @throws {MinicontainerError} as `uploadManifest`
   */
  manifest(document: RemoteManifest, tag?: string): Promise<void> {
    return uploadManifest(this.#host, document, tag ?? document.descriptor.digest);
  }
}
