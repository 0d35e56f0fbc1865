import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {explainState} from '../container-directory.ts';

/**
 * Makes the directory of a new container.
 *
 * @param root the runtime's own, made where it is missing
 * @throws {MinicontainerError} `EEXIST` for an id that is in use, `EID` for one that cannot be
 */
export function makeDirectory(root: string, id: string): string {
  if (!/^[A-Za-z0-9_+\-.]+$/.test(id) || id === '.' || id === '..') {
    throw new MinicontainerError(
      'EID',
      `invalid container id ${JSON.stringify(id)}: letters, digits and _+-. only`,
    );
  }
  const path = join(root, id);
  try {
    mkdirSync(root, {recursive: true, mode: 0o700});
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

/** Writes what belongs to a container, and removes its directory where that fails. */
export function fillDirectory(path: string, write: (file: Write) => void): void {
  try {
    write((name, data) => writeFileSync(join(path, name), data, {mode: 0o600, flag: 'wx'}));
  } catch (cause) {
    rmSync(path, {recursive: true, force: true});
    throw explainState(cause, path);
  }
}

export type Write = (name: string, data: string | Uint8Array) => void;
