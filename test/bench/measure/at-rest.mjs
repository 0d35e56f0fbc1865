import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {setTimeout as delay} from 'node:timers/promises';
import {listProcesses} from '../../arena/processes.mjs';

const settleMs = 500;

/**
 * What is there, besides the one process of a container, when those who made and started it have ended.
 *
 * @param {readonly (readonly string[])[]} words of `create`, `start` and `delete`
 * @returns {Promise<{pid: number, name: string}[]>}
 */
export async function residentAfter([create = [], start = [], end = []]) {
  const before = new Set(await listProcesses());
  await must(create);
  await must(start);
  try {
    await delay(settleMs);
    const added = (await listProcesses()).filter((pid) => !before.has(pid));
    const named = await Promise.all(added.map(async (pid) => ({pid, name: await nameOf(pid)})));
    // The container's own is there, or it has not been looked at while it ran.
    if (!named.some(({name}) => name === 'sleep')) throw new Error('the container does not run');
    return named.filter(({name}) => name !== 'sleep' && name !== '');
  } finally {
    await must(end);
  }
}

/** @param {readonly string[]} words */
async function must([file = '', ...words]) {
  // No pipes: whoever reads one waits for the container too.
  const child = spawn(file, words, {stdio: 'ignore'});
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${words.join(' ')}: exit code ${code}`);
}

/** @param {number} pid
 * @returns {Promise<string>} empty for one that has gone */
async function nameOf(pid) {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
}
