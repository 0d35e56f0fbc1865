import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {MinicontainerError} from '@minicontainer/errors';
import type {TreeOwner} from '@minicontainer/plan';
import {tryLock} from '@minicontainer/syscalls';
import type {Omissions} from '../unpack/judge.ts';
import {unpackLayer} from '../unpack/unpack.ts';
import {SnapshotIndex, type SnapshotMetadata} from './snapshot-index.ts';
import {measureTrees, removeTrees} from './trees.ts';

export interface NewSnapshot {
  /** Opened only if nobody has unpacked it. */
  readonly source: () => AsyncIterable<Buffer>;
  /** The directories of the layers below, lowest first, when they are there. */
  readonly lowers: () => Promise<readonly string[]>;
  /** Of the archive, as they are read. */
  readonly onBytes?: (bytes: number) => void;
  /** How many entries are believed. */
  readonly entryLimit?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with what is waited for while another unpacks it: others may be let work meanwhile. */
  readonly pause?: (until: () => Promise<unknown>) => Promise<void>;
}

/** What unpacking a layer came to. */
export interface UnpackedSnapshot {
  /** By this call. */
  readonly unpacked: boolean;
  readonly omissions: Omissions;
}

const pollMs = 25;

/**
 * Unpacked layers, each in a directory of its own that is complete or not there: it is made under `tmp`,
 * locked, and renamed. Nothing is synced meanwhile: what was unpacked before the machine last started
 * counts only if it was known to be on the disk.
 */
export class Snapshots {
  readonly #index: SnapshotIndex;
  readonly #temporary: string;
  readonly #owner: TreeOwner;

  /** @param root of the store; an absolute path of the caller's */
  constructor(root: string, owner: TreeOwner) {
    this.#index = new SnapshotIndex(root);
    this.#temporary = join(root, 'tmp');
    this.#owner = owner;
  }

  /** The layer's files. */
  pathOf(name: string): string {
    return join(this.#index.directory, name, 'fs');
  }

  /** Whether it is there, whole. */
  has(name: string): boolean {
    return this.#index.has(name);
  }

  /**
   * Unpacks a layer, unless it is there; who comes while another unpacks it waits for that one.
   *
   * @throws {MinicontainerError} `EUNPACK`, `ETAR`, `ESTORE`, or what the source throws; nothing is left
   */
  async add(name: string, layer: NewSnapshot): Promise<UnpackedSnapshot> {
    const place = join(this.#temporary, name);
    const {pause = async (until) => void (await until())} = layer;
    for (;;) {
      const there = this.#index.find(name);
      if (there !== undefined) return {unpacked: false, omissions: there.omissions};
      layer.signal?.throwIfAborted();
      makeDirectory(place);
      using lock = tryLock(place);
      if (lock === undefined) await pause(() => sleep(pollMs, undefined, {signal: layer.signal}));
      // Whoever had it before may have finished it.
      else if (!this.has(name)) return await this.#unpack(name, place, layer);
      else await this.remove([place]);
    }
  }

  /** Bytes of the disk that each of these directories takes. */
  async measure(paths: readonly string[]): Promise<number[]> {
    const directories = paths.filter(isDirectory);
    const sizes = await measureTrees(this.#owner, directories, this.#planPath());
    const bytes = new Map(directories.map((path, index) => [path, sizes[index] ?? 0]));
    return paths.map((path) => bytes.get(path) ?? bytesOfFile(path));
  }

  /**
   * Removes directories with all in them, as the root of those who own the files; and files of the caller's
   * own, such as a plan whose writer was killed.
   */
  async remove(paths: readonly string[]): Promise<void> {
    const directories = paths.filter(isDirectory);
    for (const path of paths) if (!directories.includes(path)) rmSync(path, {force: true});
    if (directories.length > 0) await removeTrees(this.#owner, directories, this.#planPath());
  }

  async #unpack(name: string, place: string, layer: NewSnapshot): Promise<UnpackedSnapshot> {
    let archiveBytes = 0;
    try {
      // What an unpacking that was killed has left.
      await this.remove(readdirSync(place).map((left) => join(place, left)));
      makeDirectory(join(place, 'fs'), 0o755);
      const {omissions, describesRoot} = await unpackLayer({
        source: layer.source(),
        target: join(place, 'fs'),
        workDirectory: place,
        owner: this.#owner,
        lowers: layer.lowers,
        onBytes(bytes) {
          archiveBytes += bytes;
          layer.onBytes?.(bytes);
        },
        entryLimit: layer.entryLimit,
      });
      layer.signal?.throwIfAborted();
      const {boot} = this.#index;
      this.#commit(name, place, {boot, omissions, describesRoot, archiveBytes});
      return {unpacked: true, omissions};
    } catch (error) {
      await this.remove([place]);
      throw error;
    }
  }

  #commit(name: string, place: string, metadata: SnapshotMetadata): void {
    try {
      const text = `${JSON.stringify(metadata)}\n`;
      writeFileSync(join(place, 'meta.json'), text, {mode: 0o600});
      const target = join(this.#index.directory, name);
      makeDirectory(this.#index.directory);
      // One of an earlier boot, which may be broken; the next sweep removes it.
      if (existsSync(target)) renameSync(target, this.#temporaryPath(`${name}.stale`));
      renameSync(place, target);
    } catch (cause) {
      throw storeError(cause, place);
    }
  }

  #planPath(): string {
    makeDirectory(this.#temporary);
    return this.#temporaryPath('plan');
  }

  #temporaryPath(stem: string): string {
    return join(this.#temporary, `${stem}.${process.pid}-${process.hrtime.bigint()}`);
  }
}

function isDirectory(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function bytesOfFile(path: string): number {
  return (lstatSync(path, {throwIfNoEntry: false})?.blocks ?? 0) * 512;
}

function makeDirectory(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, {recursive: true, mode});
  } catch (cause) {
    throw storeError(cause, path);
  }
}

function storeError(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) return cause;
  return new MinicontainerError('ESTORE', `cannot unpack to ${path}: ${cause.code}`, {
    cause,
    hint: 'free some space (minicontainer prune), or set MINICONTAINER_ROOT to a disk that can be written',
  });
}
