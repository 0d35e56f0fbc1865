import {lstatSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, inject} from 'vitest';
import type {Person} from '../../e2e/harness/people.ts';
import {roomOf} from '../../e2e/harness/room.ts';
import {minicontainer, type Result, type RunOptions} from '../../e2e/harness/run.ts';
import {parseTree, type Tree} from './trees.ts';

/** `minicontainer WORDS…`, which must succeed: what it printed on stdout. */
export async function succeed(
  words: readonly string[],
  as: Person,
  options: RunOptions = {},
): Promise<string> {
  const result = await minicontainer(words, {as, timeoutMs: 60_000, ...options});
  expect(result.status, `${words.join(' ')}: ${result.stderr}`).toBe(0);
  return result.stdout;
}

/** `minicontainer WORDS…`, which must fail as the engine fails: what it printed on stderr. */
export async function refused(
  words: readonly string[],
  as: Person,
  options: RunOptions = {},
): Promise<string> {
  const result: Result = await minicontainer(words, {as, timeoutMs: 60_000, ...options});
  expect(result.status, `${words.join(' ')}: ${result.stdout}`).toBe(125);
  expect(result.stderr).not.toMatch(/\n\s+at |Error:|undefined|\[object/);
  return result.stderr;
}

/** A fixture as a command line names it. */
export function fixture(tag: string): string {
  return `${inject('images').registry}/fixtures/${tag}`;
}

/** Made or covered for every container. */
const ofTheContainer = [
  ...['/.describe-tree', '/dev', '/proc', '/sys', '/run'],
  ...['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'],
];

/** What a container of an image sees, with the ids that it sees. */
export async function seenInside(image: string, person: Person): Promise<Tree> {
  const program = `${inject('images').describeTree}:/.describe-tree:ro`;
  const stdout = await succeed(
    [
      ...['run', '--network', 'none', '-v', program, '--entrypoint', '/.describe-tree'],
      ...[image, '/', ...ofTheContainer],
    ],
    person,
  );
  return parseTree(stdout);
}

/** What a container cannot show as it is in the image. */
export const notSeenInside = {
  paths: ofTheContainer,
  fields: {'': ['mtime', 'size'], '/etc': ['mtime']},
} as const;

/** Bytes of all blobs, snapshots and the rest of a person's store, as du counts them. */
export function storeBytes(person: Person): number {
  return bytesOf(roomOf(person).state, new Set());
}

function bytesOf(path: string, seen: Set<number>): number {
  const stat = lstatSync(path, {throwIfNoEntry: false});
  if (stat === undefined || seen.has(stat.ino)) return 0;
  seen.add(stat.ino);
  const below = stat.isDirectory() ? readdirSync(path) : [];
  return (
    stat.blocks * 512 +
    below.map((name) => bytesOf(join(path, name), seen)).reduce((sum, one) => sum + one, 0)
  );
}

/** The files of a store that hold something of an image: what prune leaves none of. */
export function storedFiles(person: Person): string[] {
  const places = ['blobs/sha256', 'blobs/sha512', 'snapshots', 'ingest', 'tmp', 'leases', 'refs'];
  return places.flatMap((place) => {
    try {
      return readdirSync(join(roomOf(person).state, place)).map((name) => join(place, name));
    } catch {
      return [];
    }
  });
}
