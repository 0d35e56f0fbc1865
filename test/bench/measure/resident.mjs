import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {listProcesses} from '../../arena/processes.mjs';

const startMs = 30_000;
const settleMs = 500;

/**
 * A process that is there because of a container and is not the container's own.
 * @typedef {object} Resident
 * @property {number} pid
 * @property {string} name
 * @property {number} pssKb proportional set size: shared pages count by their share
 */

/**
 * What stays in memory beside a container's own process while that sleeps. The bench runs in a
 * pid namespace of its own, so every process that was not there before belongs to the container.
 *
 * @param {readonly string[]} argv runs `sleep SECONDS` in a container
 * @param {string} seconds the argument by which that process is known
 * @returns {Promise<Resident[]>}
 */
export async function residentBeside(argv, seconds) {
  const before = new Set(await listProcesses());
  const [file = '', ...rest] = argv;
  const child = spawn(file, rest, {stdio: ['ignore', 'ignore', 'pipe']});
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = once(child, 'close');
  try {
    const own = await waitForSleep(before, seconds, () => child.exitCode !== null);
    if (own === undefined) throw new Error(stderr.trimEnd().split('\n').at(-1) || 'did not start');
    await delay(settleMs);
    const added = (await listProcesses()).filter((pid) => !before.has(pid) && pid !== own);
    const residents = await Promise.all(added.map(readResident));
    process.kill(own, 'SIGKILL');
    return residents.filter((resident) => resident !== undefined);
  } finally {
    const left = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(left);
    await waitForEnd(before);
  }
}

/**
 * Sum of what processes that stay for all containers together take, such as a daemon.
 *
 * @param {readonly number[]} pids
 * @returns {Promise<number>} kB
 */
export async function pssOf(pids) {
  const residents = await Promise.all(pids.map(readResident));
  return residents.reduce((sum, resident) => sum + (resident?.pssKb ?? 0), 0);
}

/**
 * @param {ReadonlySet<number>} before
 * @param {string} seconds
 * @param {() => boolean} hasEnded
 * @returns {Promise<number | undefined>}
 */
async function waitForSleep(before, seconds, hasEnded) {
  for (const end = Date.now() + startMs; Date.now() < end && !hasEnded(); await delay(20)) {
    for (const pid of await listProcesses()) {
      if (before.has(pid)) continue;
      const [command = '', argument, ...more] = await readCommand(pid);
      if (basename(command) === 'sleep' && argument === seconds && more.length === 0) return pid;
    }
  }
  return undefined;
}

/** @param {ReadonlySet<number>} before */
async function waitForEnd(before) {
  for (const end = Date.now() + startMs; Date.now() < end; await delay(20)) {
    if ((await listProcesses()).every((pid) => before.has(pid))) return;
  }
}

/**
 * @param {number} pid
 * @returns {Promise<string[]>}
 */
async function readCommand(pid) {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').slice(0, -1);
}

/**
 * @param {number} pid
 * @returns {Promise<Resident | undefined>} none for a process that has gone, or for a kernel thread
 */
async function readResident(pid) {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const pss = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  if (pss === undefined) return undefined;
  const [command = '?'] = await readCommand(pid);
  return {pid, name: basename(command.split(' ')[0] ?? command), pssKb: Number(pss)};
}
