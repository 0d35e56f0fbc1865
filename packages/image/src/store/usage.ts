import {lstatSync, readdirSync, type Stats} from 'node:fs';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {errnoOf} from './failure.ts';
import {listDirectory} from './marks.ts';

const slash = Buffer.from('/');

/** Bytes of a file tree, as du(1) counts them: each inode once, directories too. */
export interface Usage {
  /** Allocated on the disk: blocks. */
  readonly bytes: number;
  /** What the files say their lengths are. */
  readonly apparentBytes: number;
  readonly inodes: number;
  /** Directories that the caller may not read: what is in them is not counted. */
  readonly unreadable: readonly string[];
}

/** Usage of each thing in the store's root, by its name there, such as `blobs`; the sum is all there is. */
export async function measureStore(root: string): Promise<ReadonlyMap<string, Usage>> {
  const seen = new Set<string>();
  const parts = new Map<string, Usage>();
  for (const name of listDirectory(root))
    parts.set(name, await measureTree(join(root, name), seen));
  parts.set('.', await measureTree(root, seen, false));
  return parts;
}

export function sumUsage(parts: Iterable<Usage>): Usage {
  let [bytes, apparentBytes, inodes] = [0, 0, 0];
  const unreadable: string[] = [];
  for (const part of parts) {
    bytes += part.bytes;
    apparentBytes += part.apparentBytes;
    inodes += part.inodes;
    unreadable.push(...part.unreadable);
  }
  return {bytes, apparentBytes, inodes, unreadable};
}

/**
 * @param seen inodes with several links that were counted before, and are not counted again
 * @param isDeep false counts the directory itself and nothing in it
 */
export async function measureTree(
  path: string,
  seen: Set<string> = new Set(),
  isDeep = true,
): Promise<Usage> {
  let [bytes, apparentBytes, inodes] = [0, 0, 0];
  const unreadable: string[] = [];
  // Names are bytes, of which not all are UTF-8.
  const pending: Buffer[] = [Buffer.from(path)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const stats = statsOf(next);
    if (stats === undefined || isCounted(stats, seen)) continue;
    bytes += stats.blocks * 512;
    apparentBytes += stats.size;
    inodes += 1;
    if (inodes % 512 === 0) await turn();
    if (!isDeep || !stats.isDirectory()) continue;
    const entries = entriesOf(next);
    if (entries === undefined) unreadable.push(String(next));
    else for (const name of entries) pending.push(Buffer.concat([next, slash, name]));
  }
  return {bytes, apparentBytes, inodes, unreadable};
}

function isCounted(stats: Stats, seen: Set<string>): boolean {
  if (stats.nlink < 2 || stats.isDirectory()) return false;
  const inode = `${stats.dev}:${stats.ino}`;
  if (seen.has(inode)) return true;
  seen.add(inode);
  return false;
}

/** What others remove meanwhile takes no space. */
function statsOf(path: Buffer): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

function entriesOf(path: Buffer): Buffer[] | undefined {
  try {
    return readdirSync(path, {encoding: 'buffer'});
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}
