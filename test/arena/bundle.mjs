import {execFile} from 'node:child_process';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';

const execute = promisify(execFile);

/** First id and length of the range that the user namespace variant maps to. */
export const shiftedIds = {first: 1_000_000, count: 65_536};

/**
 * An OCI bundle whose `config.json` is what `crun spec` writes, or another tool's, save what is needed:
 * no terminal, the command, the root file system, where said a cgroup that can be found for removal,
 * with `userNamespace` that namespace and its mappings, and what else `change` makes of it.
 *
 * @param {string} path is made
 * @param {{rootfs: string, command: readonly string[], cgroupsPath?: string,
 *   userNamespace?: boolean, specOf?: 'crun' | 'runc', change?: (config: any) => void}} options
 * @returns {Promise<string>} the bundle's path
 */
export async function makeBundle(
  path,
  {rootfs, command, cgroupsPath, userNamespace = false, specOf = 'crun', change},
) {
  await mkdir(path, {recursive: true});
  const file = join(path, 'config.json');
  // crun does not write over one.
  await rm(file, {force: true});
  await execute(specOf, ['spec'], {cwd: path});
  const config = JSON.parse(await readFile(file, 'utf8'));
  config.process.terminal = false;
  config.process.args = command;
  config.root = {path: rootfs, readonly: true};
  if (cgroupsPath !== undefined) config.linux.cgroupsPath = cgroupsPath;
  if (userNamespace) {
    const mapping = {containerID: 0, hostID: shiftedIds.first, size: shiftedIds.count};
    config.linux.namespaces.push({type: 'user'});
    config.linux.uidMappings = [mapping];
    config.linux.gidMappings = [mapping];
  }
  change?.(config);
  await writeFile(file, JSON.stringify(config, null, 2));
  return path;
}
