import {randomBytes} from 'node:crypto';
import {mkdirSync, renameSync, rmSync, writeSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {lockFile} from '@minicontainer/syscalls';
import {digester} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import {blobPath} from './blobs.ts';
import {explainStore} from './failure.ts';
import type {Lease} from './leases.ts';

/**
 * Keeps bytes whose digest nobody knows before the last one has come.
 *
 * @param lease protects them from the moment in which their digest is known
 * @throws {MinicontainerError} `ESTORE` when they cannot be kept; what `body` throws. Nothing of them stays.
 */
export async function keepStream(
  root: string,
  body: AsyncIterable<Uint8Array>,
  mediaType: string,
  lease: Lease,
): Promise<Descriptor> {
  const path = join(root, 'ingest', randomBytes(16).toString('hex'));
  // A sweep leaves alone what is locked.
  using lock = await lockFile(path, 'exclusive');
  try {
    const taken = digester();
    for await (const bytes of body) {
      taken.update(bytes);
      writeAll(lock.fd, bytes, path);
    }
    const descriptor = Object.freeze({mediaType, digest: taken.digest(), size: taken.length});
    await lease.protect({blobs: [descriptor.digest]});
    rename(path, blobPath(root, descriptor.digest));
    return descriptor;
  } catch (error) {
    rmSync(path, {force: true});
    throw error;
  }
}

function writeAll(fd: number, bytes: Uint8Array, path: string): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  } catch (cause) {
    throw explainStore(cause, path);
  }
}

function rename(path: string, target: string): void {
  try {
    mkdirSync(dirname(target), {recursive: true, mode: 0o700});
    renameSync(path, target);
  } catch (cause) {
    throw explainStore(cause, target);
  }
}
