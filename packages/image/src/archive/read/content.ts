import type {Digest} from '../../digest/digest.ts';
import type {Descriptor} from '../../manifest/descriptor.ts';
import type {ProgressListener} from '../../progress.ts';
import type {Lease} from '../../store/leases.ts';
import type {ImageStore} from '../../store/store.ts';

/** What an archive or a directory holds, of which as much as is asked for comes into the store. */
export interface ArchiveContent {
  /** Names the whole in errors, such as `archive.tar`. */
  readonly name: string;
  /** Whether there is a file of that name. */
  has(path: string): boolean;
  /**
   * Brings a file into the store, of whatever digest it is.
   *
   * @throws {MinicontainerError} `EMANIFEST` when there is none of that name
   */
  file(path: string): Promise<Descriptor>;
  /**
   * Brings the file into the store that an OCI layout keeps under a digest.
   *
   * @throws {MinicontainerError} `EMANIFEST` when there is none, `EDIGEST` when it has other bytes
   */
  blob(descriptor: Descriptor): Promise<void>;
}

/** What contents are made with. */
export interface ContentPlace {
  readonly name: string;
  readonly store: ImageStore;
  /** Protects what comes into the store. */
  readonly lease: Lease;
  /** Is told what was not in the store before. */
  readonly added: Set<Digest>;
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of a file whose progress anybody wants to see: most layers, and nothing that describes them. */
export const worthTelling = 64 * 1024;

/** Where an OCI layout keeps a blob. */
export function layoutPath(digest: Digest): string {
  return `blobs/${digest.replace(':', '/')}`;
}
