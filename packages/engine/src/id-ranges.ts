import {existsSync, readdirSync, readlinkSync, rmSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {makeDirectories} from '@minicontainer/syscalls';
import type {ContainerDirectory} from './container-directory.ts';
import {explainState} from './container-directory.ts';
import {parseSubordinate} from './ids/subordinate.ts';

/** Ids of one container: 65,536, as many as a root file system is made for. */
export const rangeSize = 65_536;
/** Far above what adduser(8) and useradd(8) give out, below where signed arithmetic ends. */
const poolStart = 0x70000000;
const poolCount = 4096;

/** A range of host ids that no other container and no user of the host has. */
export interface IdRange {
  /** The host id of container root. */
  readonly base: number;
  /** The link that holds the range for the container. */
  readonly file: string;
}

/**
 * Takes a free range for a container of the host's root, for as long as its file is there.
 *
 * @param subordinate contents of /etc/subuid and /etc/subgid, whose ranges are left out
 * @throws {MinicontainerError} `EIDMAP` when none is free
 */
export function takeRange(
  state: string,
  container: ContainerDirectory,
  subordinate: string,
): IdRange {
  const directory = join(state, 'ranges');
  const foreign = parseSubordinate(subordinate);
  try {
    makeDirectories(directory);
    const taken = new Set(readdirSync(directory));
    for (let n = 0; n < poolCount; n += 1) {
      const base = rangeBase(n);
      if (taken.has(String(n)) || foreign.some((range) => overlaps(range, base))) continue;
      const file = join(directory, String(n));
      if (claim(file, container.id)) return {base, file};
    }
  } catch (cause) {
    throw explainState(cause, directory);
  }
  throw new MinicontainerError('EIDMAP', `all ${poolCount} id ranges are in use`, {
    hint: '--userns host shares the ids of the host instead',
  });
}

/** How many ranges a new container could have, of how many there are. */
export function countFreeRanges(state: string, subordinate: string): {free: number; all: number} {
  const foreign = parseSubordinate(subordinate);
  const taken = new Set(listRanges(join(state, 'ranges')));
  const free = Array.from({length: poolCount}, (_, n) => n).filter(
    (n) => !taken.has(String(n)) && !foreign.some((range) => overlaps(range, rangeBase(n))),
  );
  return {free: free.length, all: poolCount};
}

/** The first host id of the n-th range. */
export function rangeBase(n: number): number {
  return poolStart + n * rangeSize;
}

/** Gives back what a container holds that never wrote down how. */
export function releaseRanges(state: string, {id}: ContainerDirectory): void {
  releaseRangesOf(state, (holder) => holder === id);
}

/** Gives back what is held by containers that are gone: their own removal of the range failed. */
export function releaseAbandonedRanges(state: string): void {
  releaseRangesOf(state, (holder) => !existsSync(join(state, 'containers', holder)));
}

function releaseRangesOf(state: string, isToGo: (holder: string) => boolean): void {
  const directory = join(state, 'ranges');
  for (const name of listRanges(directory)) {
    const file = join(directory, name);
    const id = holder(file);
    if (id !== undefined && isToGo(id)) rmSync(file, {force: true});
  }
}

function listRanges(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A symbolic link to the id: it is there with its text or not at all, and for one of two that saw it free. */
function claim(file: string, id: string): boolean {
  try {
    symlinkSync(id, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function holder(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function overlaps({start, count}: {start: number; count: number}, base: number): boolean {
  return start < base + rangeSize && base < start + count;
}
