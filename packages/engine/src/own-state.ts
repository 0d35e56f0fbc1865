import {statSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {makeDirectories} from '@minicontainer/syscalls';
import {explainState} from './container-directory.ts';

/**
 * Makes the state directory where it is missing. What lies in it is obeyed, plans and filters, so it must
 * be the caller's, and nobody else's to write.
 *
 * @throws {MinicontainerError} `ESTATE` where it is not, or cannot be made
 */
export function openState(state: string): void {
  const containers = join(state, 'containers');
  try {
    makeDirectories(containers);
    for (const path of [state, containers]) requireOwn(path);
  } catch (cause) {
    throw explainState(cause, containers);
  }
}

function requireOwn(path: string): void {
  const {uid, mode} = statSync(path);
  if (uid !== process.geteuid?.()) {
    throw new MinicontainerError('ESTATE', `${path} belongs to another user, number ${uid}`, {
      hint: 'set MINICONTAINER_ROOT to a directory of yours',
    });
  }
  if ((mode & 0o022) !== 0) {
    throw new MinicontainerError('ESTATE', `${path} can be written by other users`, {
      hint: `chmod go-w ${path}`,
    });
  }
}
