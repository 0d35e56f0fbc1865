import {readFileSync, renameSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {syncFileSystem} from '@minicontainer/syscalls';
import type {Omissions} from '../unpack/judge.ts';

/** The boot under which something was written; null once it is known to be on the disk. */
type Boot = string | null;

/** What is known of a snapshot besides its files. */
export interface SnapshotMetadata {
  readonly boot: Boot;
  readonly omissions: Omissions;
  /** Its archive says what the root itself is. */
  readonly describesRoot: boolean;
  /** Bytes of its archive, uncompressed: what others call the size of a layer. */
  readonly archiveBytes?: number;
}

/** Of all layers of an image. */
interface Chain {
  readonly boot: Boot;
  /** The topmost one that says what the root itself is. */
  readonly root?: string | undefined;
}

const metadataName = 'meta.json';
/** In the topmost layer's directory: that one and all below it are whole. Its chain id says which these are. */
const chainName = 'chain.json';
/** By then the kernel has written what it was given, and to wait for the rest takes no time (vm.dirty_expire_centisecs). */
const settledMs = 60_000;

/** Which snapshots a store has. */
export class SnapshotIndex {
  readonly directory: string;
  readonly boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

  /** @param root of the store */
  constructor(root: string) {
    this.directory = join(root, 'snapshots');
  }

  /** Whether it is there, whole: what an earlier boot has left unsynced may be broken. */
  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  find(name: string): SnapshotMetadata | undefined {
    return this.#read<SnapshotMetadata>(name, metadataName);
  }

  /**
   * Whether all of them are there, lowest first: one file tells, however many they are.
   *
   * @returns which of them says what the root itself is
   */
  findChain(names: readonly string[]): {readonly root?: string | undefined} | undefined {
    const top = names.at(-1);
    if (top === undefined) return undefined;
    const chain = this.#read<Chain>(top, chainName);
    if (chain?.boot === this.boot) this.#settle(names, top, chain);
    return chain;
  }

  /** Says that all of them are there. */
  markChain(names: readonly string[]): void {
    const top = names.at(-1);
    if (top === undefined || this.#read(top, chainName) !== undefined) return;
    const isSettled = names.every((name) => this.find(name)?.boot === null);
    const root = names.findLast((name) => this.find(name)?.describesRoot);
    this.#write(top, chainName, {boot: isSettled ? null : this.boot, root});
  }

  /** Once the files are old enough to have been written, makes sure that they have been, for good. */
  #settle(names: readonly string[], top: string, chain: Chain): void {
    if (Date.now() - statSync(join(this.directory, top, chainName)).mtimeMs < settledMs) return;
    try {
      syncFileSystem(this.directory);
      for (const name of names) {
        const found = this.find(name);
        if (found !== undefined) this.#write(name, metadataName, {...found, boot: null});
      }
      this.#write(top, chainName, {...chain, boot: null});
    } catch {
      // On a full disk, or a broken one: they are there even so, and are looked after next time.
    }
  }

  #read<T extends {boot: Boot}>(name: string, file: string): T | undefined {
    try {
      const found: T = JSON.parse(readFileSync(join(this.directory, name, file), 'utf8'));
      return found.boot === null || found.boot === this.boot ? found : undefined;
    } catch {
      // Not there; or not written out when the machine stopped.
      return undefined;
    }
  }

  #write(name: string, file: string, value: SnapshotMetadata | Chain): void {
    const path = join(this.directory, name, file);
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(value)}\n`, {mode: 0o600});
    renameSync(temporary, path);
  }
}
