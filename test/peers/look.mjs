import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {open, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {Readable} from 'node:stream';
import {listProcesses} from '../arena/processes.mjs';

/**
 * What a process sees, and what the host knows of it.
 * @typedef {object} Look
 * @property {string[][]} told one list a line, as test/peers/probe prints it
 * @property {string[]} filters each as hexadecimal bytes, the last loaded first
 * @property {Record<string, string>} cgroup its own limits by file name, of those that it has
 */

const probeName = 'mc-probe';
const patienceMs = 60_000;

/** What the caller has and a container must not get: a group, a variable, an open descriptor. */
export const bait = {
  group: 4242,
  variable: 'MINICONTAINER_CALLERS_OWN',
  file: '/etc/hostname',
};

/**
 * Runs the probe by a tool, and reads its filter once it has told the rest.
 *
 * @param {readonly string[]} argv runs the probe in a container
 * @param {{filters: string, user?: {uid: number, gid: number}, env?: NodeJS.ProcessEnv}} options
 *   `filters` is the program that reads a process's filters
 * @returns {Promise<Look>}
 * @throws {Error} with the tool's last line, when it tells nothing
 */
export async function look(argv, {filters, user = {uid: 0, gid: 0}, env = {}}) {
  const file = await open(bait.file);
  const {uid, gid} = user;
  const ids = [`--reuid=${uid}`, `--regid=${gid}`, `--groups=${gid},${bait.group}`];
  const child = spawn('setpriv', [...ids, '--', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe', file.fd],
    env: {...process.env, ...env, [bait.variable]: 'secret'},
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  const ended = once(child, 'close');
  /** @type {string[][]} */
  const told = [];
  /** @type {{filters: string[], cgroup: Record<string, string>} | undefined} */
  let outside;
  try {
    for await (const line of createInterface({input: child.stdout ?? Readable.from([])})) {
      const words = JSON.parse(line);
      if (words[0] === 'waiting') outside = await lookFromOutside(filters);
      else told.push(words);
    }
    await ended;
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (outside === undefined)
    throw new Error(complaint.trimEnd().split('\n').at(-1) || 'told nothing');
  return {told, ...outside};
}

/**
 * @param {string} filters
 * @returns {Promise<{filters: string[], cgroup: Record<string, string>}>}
 */
async function lookFromOutside(filters) {
  const [pid] = await probes();
  if (pid === undefined) throw new Error('the process is not seen from outside');
  const cgroup = await readCgroup(pid);
  const reader = spawn(filters, [String(pid)], {stdio: ['ignore', 'pipe', 'inherit']});
  const [output, [code]] = await Promise.all([reader.stdout.toArray(), once(reader, 'close')]);
  if (code !== 0) throw new Error(`${filters} ended with ${code}`);
  return {filters: Buffer.concat(output).toString().split('\n').filter(Boolean), cgroup};
}

/** @returns {Promise<number[]>} */
async function probes() {
  const found = [];
  for (const pid of await listProcesses()) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name.trim() === probeName) found.push(pid);
  }
  return found;
}

const limits = ['pids.max', 'memory.limit_in_bytes', 'memory.max', 'devices.list'];
const cgroups = '/sys/fs/cgroup';

/**
 * Limits of the cgroups that the process has to itself, on v1 or v2.
 *
 * @param {number} pid
 * @returns {Promise<Record<string, string>>}
 */
async function readCgroup(pid) {
  const own = parseCgroup(await readFile('/proc/self/cgroup', 'utf8'));
  const its = parseCgroup(await readFile(`/proc/${pid}/cgroup`, 'utf8'));
  /** @type {Record<string, string>} */
  const found = {};
  for (const [controllers, path] of its) {
    if (own.get(controllers) === path) continue;
    const directory = join(cgroups, controllers, path);
    for (const name of await readdir(directory).catch(() => [])) {
      if (!limits.includes(name)) continue;
      found[name] = (await readFile(join(directory, name), 'utf8')).trim();
    }
  }
  return found;
}

/**
 * @param {string} text of /proc/PID/cgroup
 * @returns {Map<string, string>} paths by the hierarchy's folder
 */
function parseCgroup(text) {
  const lines = text.trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [, controllers = '', ...path] = line.split(':');
      return [controllers.replace(/^name=/, ''), path.join(':')];
    }),
  );
}
