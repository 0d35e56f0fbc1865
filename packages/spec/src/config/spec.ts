import type {Hooks} from './hooks.ts';
import type {Linux} from './linux.ts';
import type {Mount, Root} from './mounts.ts';
import type {Process} from './process.ts';

/**
 * An OCI runtime configuration (`config.json`) for Linux.
 *
 * Covers version 1.2 and what 1.3 adds. Values are as in the file: sizes in bytes, times in the
 * unit their field names, modes as plain (decimal) numbers. 64-bit values beyond 2^53 have the
 * nearest double, so "unlimited" (2^64 - 1) reads as 2^64.
 *
 * @see https://github.com/opencontainers/runtime-spec/blob/v1.2.1/config.md
 */
export interface Spec {
  /** Version of the specification that the configuration was written for, as SemVer. */
  readonly ociVersion: string;
  readonly root: Root;
  /** Needed by `start`; a container may be created without it. */
  readonly process?: Process;
  readonly hostname?: string;
  readonly domainname?: string;
  /** Mounted in this order, after the root. */
  readonly mounts?: readonly Mount[];
  readonly hooks?: Hooks;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly linux?: Linux;
}
