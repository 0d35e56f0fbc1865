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

  /** Whether all of them are there, lowest first: one file tells, however many they are. */
  hasChain(names: readonly string[]): boolean {
    const top = names.at(-1);
    if (top === undefined) return false;
    const chain = this.#read<{boot: Boot}>(top, chainName);
    if (chain?.boot === this.boot) this.#settle(names, top);
    return chain !== undefined;
  }

  /** Says that all of them are there. */
  markChain(names: readonly string[]): void {
    const top = names.at(-1);
    if (top === undefined || this.#read(top, chainName) !== undefined) return;
    const isSettled = names.every((name) => this.find(name)?.boot === null);
    this.#write(top, chainName, {boot: isSettled ? null : this.boot});
  }

  /** Once the files are old enough to have been written, makes sure that they have been, for good. */
  #settle(names: readonly string[], top: string): void {
    if (Date.now() - statSync(join(this.directory, top, chainName)).mtimeMs < settledMs) return;
    try {
      syncFileSystem(this.directory);
      for (const name of names) {
        const {omissions} = this.find(name) ?? {};
        if (omissions !== undefined) this.#write(name, metadataName, {boot: null, omissions});
      }
      this.#write(top, chainName, {boot: null});
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

  #write(name: string, file: string, value: object): void {
    const path = join(this.directory, name, file);
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(value)}\n`, {mode: 0o600});
    renameSync(temporary, path);
  }
}
