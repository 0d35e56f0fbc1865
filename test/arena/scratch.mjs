import {chmod, mkdir, mkdtemp, readdir, rm, rmdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const cgroupRoot = '/sys/fs/cgroup';

/**
 * The folder that everything of one stay in the arena is in, and the cgroup above all it makes.
 *
 * @param {string} purpose for their names
 * @returns {Promise<{path: string, cgroup: string}>}
 */
export async function makeScratch(purpose) {
  const path = await mkdtemp(join(tmpdir(), `minicontainer-${purpose}-`));
  // A container's root that is nobody outside has to pass through to its root file system.
  await chmod(path, 0o711);
  await mkdir(join(path, 'home'));
  await mkdir(join(path, 'tmp'), {mode: 0o1777});
  return {path, cgroup: `minicontainer-${purpose}-${process.pid}`};
}

/**
 * Removes both. To be called when the arena has ended: its mounts and processes are gone then.
 *
 * @param {{path: string, cgroup: string}} scratch
 */
export async function removeScratch({path, cgroup}) {
  await rm(path, {recursive: true, force: true});
  await removeCgroup(join(cgroupRoot, cgroup));
  for (const entry of await readdir(cgroupRoot, {withFileTypes: true})) {
    if (entry.isDirectory()) await removeCgroup(join(cgroupRoot, entry.name, cgroup));
  }
}

/**
 * A cgroup's files go with its folder; only folders are removed, the lowest first.
 *
 * @param {string} directory
 */
async function removeCgroup(directory) {
  const entries = await readdir(directory, {withFileTypes: true}).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await removeCgroup(join(directory, entry.name));
  }
  await rmdir(directory).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
