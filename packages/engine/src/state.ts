import {accessSync, constants} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {isNested} from './ids/nesting.ts';

/** Names another directory for all that is kept, by its absolute path. */
export const stateVariable = 'MINICONTAINER_ROOT';

/** Of this process. Root of a user namespace keeps it at home where /var/lib is the host's root's. */
export function callerState(): string {
  const uid = process.geteuid?.() ?? 0;
  const asUser = uid === 0 && isNested() && !isWritable('/var/lib');
  return stateDirectory(asUser ? nobody : uid, process.env);
}

const nobody = 65_534;

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The directory that containers and id ranges are kept in: `/var/lib/minicontainer` for root, else
 * `$XDG_DATA_HOME/minicontainer`.
 *
 * @throws {MinicontainerError} `ESTATE` when a plain user has no home directory
 * @see XDG Base Directory Specification
 */
export function stateDirectory(uid: number, environment: NodeJS.ProcessEnv): string {
  const override = environment[stateVariable];
  if (override !== undefined) return requireAbsolute(override);
  if (uid === 0) return '/var/lib/minicontainer';
  const data = environment.XDG_DATA_HOME;
  if (data?.startsWith('/')) return join(data, 'minicontainer');
  const home = environment.HOME;
  if (home?.startsWith('/')) return join(home, '.local/share/minicontainer');
  throw new MinicontainerError(
    'ESTATE',
    'HOME is not set: there is no place to keep containers in',
    {
      hint: `set HOME, XDG_DATA_HOME or ${stateVariable} to a directory of yours`,
    },
  );
}

function requireAbsolute(path: string): string {
  if (path.startsWith('/')) return path;
  throw new MinicontainerError('ESTATE', `${stateVariable} is ${path}, which is not absolute`);
}
