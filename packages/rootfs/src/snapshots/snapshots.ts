import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import type {TreeOwner} from '@minicontainer/plan';
import {lockFile, tryLock} from '@minicontainer/syscalls';
import type {Omissions} from '../unpack/judge.ts';
import {unpackLayer} from '../unpack/unpack.ts';
import {measureTrees, removeTrees} from './trees.ts';

/** What is known of a snapshot besides its files. */
interface Metadata {
  /** The boot under which it was unpacked; null once it is known to be on the disk. */
  readonly boot: string | null;
  readonly omissions: Omissions;
}

export interface NewSnapshot {
  /** Opened only if nobody has unpacked it. */
  readonly source: () => AsyncIterable<Buffer>;
  /** The directories of the layers below, lowest first, when they are there. */
  readonly lowers: () => Promise<readonly string[]>;
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** What unpacking a layer came to. */
export interface UnpackedSnapshot {
  readonly unpacked: boolean;
  readonly omissions: Omissions;
}

const metadataName = 'meta.json';

/**
 * Unpacked layers, each in a directory of its own that is complete or not there: it is made under `tmp` and
 * renamed. Nothing is synced meanwhile: what was unpacked before the machine last started counts only if it
 * was known to be on the disk.
 */
export class Snapshots {
  readonly directory: string;
  readonly #temporary: string;
  readonly #owner: TreeOwner;
  readonly #boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

  /** @param root of the store; an absolute path of the caller's */
  constructor(root: string, owner: TreeOwner) {
    this.directory = join(root, 'snapshots');
    this.#temporary = join(root, 'tmp');
    this.#owner = owner;
  }

  /** The layer's files. */
  pathOf(name: string): string {
    return join(this.directory, name, 'fs');
  }

  /** Whether it is there, whole. */
  has(name: string): boolean {
    const {boot} = this.#read(name) ?? {boot: 'none'};
    return boot === null || boot === this.#boot;
  }

  list(): string[] {
    return readNames(this.directory);
  }

  /**
   * Unpacks a layer, unless it is there; who comes while another unpacks it waits for that one.
   *
   * @throws {MinicontainerError} `EUNPACK`, `ETAR`, `ESTORE`, or what the source throws; nothing is left
   */
  async add(name: string, layer: NewSnapshot): Promise<UnpackedSnapshot> {
    const known = this.#known(name);
    if (known !== undefined) return known;
    mkdirSync(this.#temporary, {recursive: true, mode: 0o700});
    const place = join(this.#temporary, name);
    using lock = await lockFile(`${place}.lock`, 'exclusive', {signal: layer.signal});
    const there = this.#known(name);
    if (there !== undefined || lock === undefined) {
      rmSync(`${place}.lock`, {force: true});
      return there ?? {unpacked: false, omissions: nothingOmitted};
    }
    try {
      return {unpacked: true, omissions: await this.#unpack(name, place, layer)};
    } finally {
      await this.#discard([place]);
      rmSync(`${place}.lock`, {force: true});
    }
  }

  /** @returns bytes on the disk, for each name that is there */
  async measure(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const paths = names.map((name) => join(this.directory, name));
    const bytes = await measureTrees(this.#owner, paths, this.#planPath());
    return new Map(names.map((name, index) => [name, bytes[index] ?? 0]));
  }

  /**
   * Removes snapshots that nobody uses, and what unpackings that were killed have left. The caller holds the
   * store's lock, so that nobody begins to use one meanwhile.
   *
   * @returns the names of those that are gone, and the bytes that they took
   */
  async sweep(isUsed: (name: string) => boolean): Promise<{names: string[]; bytes: number}> {
    const names = this.list().filter((name) => !isUsed(name));
    const places = names.map((name) => this.#setAside(name));
    places.push(...this.#abandoned());
    if (places.length === 0) return {names, bytes: 0};
    const bytes = await measureTrees(this.#owner, places, this.#planPath());
    await this.#discard(places);
    for (const place of places) rmSync(`${place}.lock`, {force: true});
    return {names, bytes: bytes.reduce((sum, some) => sum + some, 0)};
  }

  async #unpack(name: string, place: string, layer: NewSnapshot): Promise<Omissions> {
    await this.#discard([place]);
    mkdirSync(join(place, 'fs'), {recursive: true, mode: 0o755});
    const omissions = await unpackLayer({
      source: layer.source(),
      target: join(place, 'fs'),
      workDirectory: place,
      owner: this.#owner,
      lowers: layer.lowers,
      ...(layer.onBytes === undefined ? {} : {onBytes: layer.onBytes}),
    });
    layer.signal?.throwIfAborted();
    const metadata: Metadata = {boot: this.#boot, omissions};
    writeFileSync(join(place, metadataName), `${JSON.stringify(metadata)}\n`, {mode: 0o600});
    mkdirSync(this.directory, {recursive: true, mode: 0o700});
    // One that an earlier boot has left.
    if (existsSync(join(this.directory, name))) await this.#discard([this.#setAside(name)]);
    renameSync(place, join(this.directory, name));
    return omissions;
  }

  #known(name: string): UnpackedSnapshot | undefined {
    const metadata = this.has(name) ? this.#read(name) : undefined;
    return metadata && {unpacked: false, omissions: metadata.omissions};
  }

  #read(name: string): Metadata | undefined {
    try {
      return JSON.parse(readFileSync(join(this.directory, name, metadataName), 'utf8'));
    } catch {
      // Not there; or not written out when the machine stopped.
      return undefined;
    }
  }

  /** Out of sight at once, whatever happens while it is removed. */
  #setAside(name: string): string {
    mkdirSync(this.#temporary, {recursive: true, mode: 0o700});
    const place = join(this.#temporary, `${name}.removed-${process.pid}-${Date.now()}`);
    renameSync(join(this.directory, name), place);
    return place;
  }

  /** Of unpackings and removals that were killed. */
  #abandoned(): string[] {
    const names = new Set(readNames(this.#temporary).map((name) => name.replace(/\.lock$/, '')));
    return [...names]
      .map((name) => join(this.#temporary, name))
      .filter((place) => {
        if (!existsSync(`${place}.lock`)) return true;
        using lock = tryLock(`${place}.lock`);
        return lock !== undefined;
      });
  }

  async #discard(places: readonly string[]): Promise<void> {
    const there = places.filter((place) => existsSync(place));
    if (there.length > 0) await removeTrees(this.#owner, there, this.#planPath());
  }

  #planPath(): string {
    mkdirSync(this.#temporary, {recursive: true, mode: 0o700});
    return join(this.#temporary, `plan-${process.pid}-${process.hrtime.bigint()}`);
  }
}

const nothingOmitted: Omissions = {devices: 0, squashedOwners: 0};

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
