import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Omissions} from '../unpack/judge.ts';

/** What is known of a snapshot besides its files. */
export interface SnapshotMetadata {
  /** The boot under which it was unpacked; null once it is known to be on the disk. */
  readonly boot: string | null;
  readonly omissions: Omissions;
}

/** Which snapshots a store has. */
export class SnapshotIndex {
  readonly directory: string;
  readonly boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

  /** @param root of the store */
  constructor(root: string) {
    this.directory = join(root, 'snapshots');
  }

  metadataPath(name: string): string {
    return join(this.directory, name, 'meta.json');
  }

  /** Whether it is there, whole: what an earlier boot has left unsynced may be broken. */
  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  find(name: string): SnapshotMetadata | undefined {
    try {
      const found: SnapshotMetadata = JSON.parse(readFileSync(this.metadataPath(name), 'utf8'));
      return found.boot === null || found.boot === this.boot ? found : undefined;
    } catch {
      // Not there; or not written out when the machine stopped.
      return undefined;
    }
  }
}
