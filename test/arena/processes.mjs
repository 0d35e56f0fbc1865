import {readdir} from 'node:fs/promises';

/**
 * Everything that runs in the arena, which has a pid namespace of its own.
 *
 * @returns {Promise<number[]>}
 */
export async function listProcesses() {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}
