import {accessSync, constants} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';

/** Names another nsexec binary, by its path. */
export const overrideVariable = 'MINICONTAINER_NSEXEC';

/**
 * Path of the nsexec binary: the one that the environment names, a workspace's own build, or the one in
 * the npm package for this platform.
 *
 * @throws {MinicontainerError} `ENSEXEC` when there is none, naming the places where it was looked for
 */
export function findNsexec(environment: NodeJS.ProcessEnv = process.env): string {
  const override = environment[overrideVariable];
  if (override !== undefined) return requireExecutable(override);
  const platformPackage = `@minicontainer/nsexec-${process.platform}-${process.arch}`;
  // From packages/nsexec/dist and from apps/cli/dist alike.
  const workspaceBuild = join(import.meta.dirname, '../../../native/nsexec/build/nsexec');
  if (isExecutable(workspaceBuild)) return workspaceBuild;
  const packaged = resolvePackaged(platformPackage);
  if (packaged !== undefined) return packaged;
  throw new MinicontainerError(
    'ENSEXEC',
    `the nsexec binary for ${process.platform}-${process.arch} is missing: ` +
      `neither the package ${platformPackage} nor a workspace build is there`,
    {
      hint:
        'install without --omit=optional, and on this platform rather than from another one; ' +
        `or name a binary: ${overrideVariable}=/path/to/nsexec`,
    },
  );
}

function requireExecutable(path: string): string {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch (cause) {
    throw new MinicontainerError(
      'ENSEXEC',
      `${overrideVariable} names ${path}, which cannot be executed`,
      {hint: `unset ${overrideVariable}, or name an nsexec binary`, cause},
    );
  }
}

function resolvePackaged(platformPackage: string): string | undefined {
  try {
    const path = createRequire(import.meta.filename).resolve(`${platformPackage}/bin/nsexec`);
    return isExecutable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
