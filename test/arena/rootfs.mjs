import {copyFile, lchown, lstat, mkdir, readdir, symlink} from 'node:fs/promises';
import {join} from 'node:path';

const busybox = '/bin/busybox';
const directories = ['bin', 'dev', 'etc', 'proc', 'root', 'run', 'sys', 'tmp', 'var'];
const fewApplets = ['cat', 'sh', 'sleep', 'true'];

/**
 * A root file system of one static binary, so that what is seen is the tool and not the
 * loading of libraries.
 *
 * @param {string} path is made
 * @param {number} [owner] id on the host of the container's root
 * @param {readonly string[]} [applets] what busybox can be called there
 * @throws {Error} when there is no static busybox
 */
export async function makeRootfs(path, owner = 0, applets = fewApplets) {
  for (const directory of directories) await mkdir(join(path, directory), {recursive: true});
  await copyFile(busybox, join(path, 'bin/busybox')).catch((error) => {
    throw new Error('install busybox-static', {cause: error});
  });
  for (const applet of applets) await symlink('busybox', join(path, 'bin', applet));
  if (owner !== 0) await giveTo(path, owner);
}

/**
 * @param {string} path
 * @param {number} owner
 */
export async function giveTo(path, owner) {
  await lchown(path, owner, owner);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(join(path, name), owner);
}
