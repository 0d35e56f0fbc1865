import {mkdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {makeDirectories} from '@minicontainer/syscalls';
import {MEDIA_TYPE} from '../manifest/media-types.ts';
import {explainStore} from './failure.ts';

const folders = ['blobs/sha256', 'refs', 'ingest', 'leases', 'tmp', 'snapshots'] as const;

/**
 * Makes a store where there is none: an OCI image layout, and what belongs to it beside.
 *
 * @throws {MinicontainerError} `ESTORE` where it is another user's, others may write, or it cannot be made
 */
export function makeLayout(root: string): void {
  try {
    const made = statSync(join(root, 'oci-layout'), {throwIfNoEntry: false});
    if (made === undefined) {
      makeDirectories(root);
      requireOwn(root);
      for (const folder of folders) mkdirSync(join(root, folder), {recursive: true, mode: 0o700});
      const index = join(root, 'index.json');
      if (statSync(index, {throwIfNoEntry: false}) === undefined) writeWhole(index, emptyIndex);
      // Last, for what has it is a whole layout.
      writeWhole(join(root, 'oci-layout'), JSON.stringify({imageLayoutVersion: '1.0.0'}));
    } else requireOwn(root);
  } catch (cause) {
    throw explainStore(cause, root);
  }
}

const emptyIndex = JSON.stringify({
  schemaVersion: 2,
  mediaType: MEDIA_TYPE.ociIndex,
  manifests: [],
});

/** What lies in a store is run: who could write there would decide what. */
function requireOwn(root: string): void {
  const {uid, mode} = statSync(root);
  if (uid !== process.geteuid?.()) {
    throw new MinicontainerError('ESTORE', `${root} belongs to another user, number ${uid}`, {
      hint: 'set MINICONTAINER_ROOT to a directory of yours',
    });
  }
  if ((mode & 0o022) !== 0) {
    throw new MinicontainerError('ESTORE', `${root} can be written by other users`, {
      hint: `chmod go-w ${root}`,
    });
  }
}

/** Writes a file so that readers see the old one or the new one, and never a part. */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const unfinished = `${path}.${process.pid}.new`;
  try {
    writeFileSync(unfinished, data, {mode: 0o600});
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, {force: true});
    throw explainStore(cause, path);
  }
}
