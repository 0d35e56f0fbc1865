import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {type Operation, operation} from '@minicontainer/plan';
import {makeDirectories} from '@minicontainer/syscalls';
import {explainState} from '../container-directory.ts';

/** Whoever is neither the owner nor of its kind may not write. */
const writableByOthers = 0o022;

/**
 * Makes the directory of a new container.
 *
 * @param root the runtime's own, made where it is missing; an absolute path
 * @throws {MinicontainerError} `EEXIST` for an id that is in use, `EID` for one that cannot be, `EROOT`
 *   where others may write
 */
export function makeDirectory(root: string, id: string): string {
  if (!/^(?!-)[A-Za-z0-9_+\-.]{1,255}$/.test(id) || id === '.' || id === '..') {
    throw new MinicontainerError(
      'EID',
      `invalid container id ${JSON.stringify(id)}: letters, digits and _+-. only, 255 of them, no dash first`,
    );
  }
  const path = join(root, id);
  try {
    makeDirectories(root);
    requireTrust(root);
    mkdirSync(path, {mode: 0o700});
    return path;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) {
      throw explainState(cause, path);
    }
    throw new MinicontainerError('EEXIST', `container with id ${id} already exists`, {
      cause,
      hint: `choose another id, or remove it: minicontainer-oci delete ${id}`,
    });
  }
}

/** What is written in there is done, with our privileges: see require_trust in nsexec. */
function requireTrust(root: string): void {
  const directory = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  const {uid, mode} = fstatSync(directory);
  closeSync(directory);
  if (uid === process.geteuid?.() && (mode & writableByOthers) === 0) return;
  throw new MinicontainerError(
    'EROOT',
    `${root} is not obeyed: others than user ${process.geteuid?.()} may write there`,
    {hint: 'chmod 700 it, or choose another --root'},
  );
}

/**
 * Writes what belongs to a container, and removes its directory where that fails. First comes the file that
 * whoever makes or deletes it locks.
 */
export function fillDirectory(path: string, write: (file: Write) => void): void {
  // Another may delete it meanwhile, and a third make a new one of this name: that is not ours to fill.
  const directory = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  // Each is there whole or not at all: killed halfway we leave nothing that others would misread.
  const put: Write = (name, data) => {
    const file = `/proc/self/fd/${directory}/${name}`;
    writeFileSync(`${file}.new`, data, {mode: 0o600, flag: 'wx'});
    renameSync(`${file}.new`, file);
  };
  try {
    put('lock', '');
    write(put);
  } catch (cause) {
    if (fstatSync(directory).nlink > 0) rmSync(path, {recursive: true, force: true});
    throw explainState(cause, path);
  } finally {
    closeSync(directory);
  }
}

export type Write = (name: string, data: string | Uint8Array) => void;

/** The last of a container: its id is free again. */
export function removeDirectory(path: string): Operation {
  return operation('ending', 'removeTree', {path, journal: true}, 'its id is free again');
}
