import {mkdirSync, renameSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {lockFileUnless} from '@minicontainer/syscalls';
import {hexOf, shortDigest} from '../digest/digest.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import type {ProgressListener} from '../progress.ts';
import {blobPath, hasBlob} from './blobs.ts';
import {Download, type FetchFrom, type TellGrowth, type TellPhase} from './download.ts';
import {explainStore} from './failure.ts';

export interface IngestOptions {
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For bytes that nobody will go on fetching: what has come of them does not stay where they fail. */
  readonly discardPartial?: boolean | undefined;
  /** Told while this process fetches, and not where another does. */
  readonly grow?: TellGrowth | undefined;
}

/**
 * Gets a blob into the store: of all processes that want it one fetches, and the others wait until it is
 * there. What an earlier fetch left is used, and fetched from its end on. What `fetch` or its body throws
 * comes out, and what has come so far stays for the next call.
 *
 * @throws {MinicontainerError} `EDIGEST` when the bytes are others, `ESTORE` when they cannot be kept:
 *   nothing of them stays; `ENETWORK` when they end early
 */
export async function ingest(
  root: string,
  descriptor: Descriptor,
  fetch: FetchFrom,
  {progress, signal, discardPartial = false, grow}: IngestOptions = {},
): Promise<'fetched' | 'present'> {
  const isThere = () => hasBlob(root, descriptor);
  if (isThere()) return 'present';
  const tell = teller(descriptor, progress);
  tell('waiting', 0);
  const path = ingestPath(root, descriptor);
  using lock = await explained(path, lockFileUnless(path, isThere, {signal}));
  if (lock === undefined) return 'present';
  try {
    // Who had the lock before may have fetched it; to wait for it may have made this file anew.
    if (isThere()) {
      rmSync(path, {force: true});
      return 'present';
    }
    await using download = await explained(path, Download.open(path, descriptor, tell, grow));
    await download.complete(fetch, signal);
    commit(root, path, descriptor);
    return 'fetched';
  } catch (error) {
    // What the network did may end well another time; what the bytes or the disk are will not.
    if (discardPartial || isFinal(error)) rmSync(path, {force: true});
    throw error;
  }
}

/** Keeps bytes that are there as a whole, as `ingest` does. */
export async function keepBlob(
  root: string,
  descriptor: Descriptor,
  bytes: Uint8Array,
): Promise<void> {
  await ingest(root, descriptor, async () => ({offset: 0, body: only(bytes)}));
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.length > 0) yield bytes;
}

/** Failures of the disk as those of the store; what the network throws is not touched. */
async function explained<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw explainStore(cause, path);
  }
}

/** The lock is on the file itself: who waits for it sees that the path has lost it. */
function commit(root: string, path: string, {digest}: Descriptor): void {
  const target = blobPath(root, digest);
  try {
    mkdirSync(dirname(target), {recursive: true, mode: 0o700});
    renameSync(path, target);
  } catch (cause) {
    throw explainStore(cause, target);
  }
}

function ingestPath(root: string, {digest}: Descriptor): string {
  return join(root, 'ingest', hexOf(digest));
}

function isFinal(error: unknown): boolean {
  return error instanceof MinicontainerError && ['EDIGEST', 'ESTORE'].includes(error.code);
}

function teller({digest, size}: Descriptor, progress: ProgressListener | undefined): TellPhase {
  const id = shortDigest(digest);
  return (phase, currentBytes) => progress?.({id, phase, currentBytes, totalBytes: size});
}
