import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, open, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {promisify} from 'node:util';

const execute = promisify(execFile);
const startMs = 20_000;
const endMs = 15_000;

/**
 * @typedef {object} Dockerd
 * @property {string} host what its clients are told by `docker --host`
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a dockerd with no bridge and no packet filter, and waits until it answers.
 *
 * @param {object} options
 * @param {string} options.directory for all that it keeps; it may have been there before
 * @param {string} options.cgroupParent of its containers
 * @param {readonly string[]} [options.flags]
 * @param {readonly string[]} [options.within] words that run a command where it shall run
 * @param {NodeJS.ProcessEnv} [options.env] of the daemon, and so of runtimes; and of the client here
 * @returns {Promise<Dockerd>}
 * @throws {Error} with the last line of its log
 */
export async function startDockerd({
  directory,
  cgroupParent,
  flags = [],
  within = [],
  env = process.env,
}) {
  await mkdir(directory, {recursive: true});
  const host = `unix://${join(directory, 'socket')}`;
  const pidfile = join(directory, 'pid');
  const log = await open(join(directory, 'log'), 'a');
  const [file = '', ...words] = [
    ...[...within, 'dockerd', '--host', host, '--pidfile', pidfile],
    ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
    // Not systemd's, which a host that runs systemd would get: a cgroup of the arena's is a path.
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', cgroupParent],
    ...['--bridge=none', '--iptables=false', '--ip6tables=false', ...flags],
  ];
  const daemon = spawn(file, words, {stdio: ['ignore', log.fd, log.fd], env});
  await log.close();
  // By its own number, where it is: what runs it elsewhere hands no signal on.
  const kill = async (/** @type {string} */ signal) => {
    const pid = (await readFile(pidfile, 'utf8')).trim();
    const [command = '', ...rest] = [...within, 'kill', `-${signal}`, pid];
    await execute(command, rest, {env});
  };
  const stop = () => end(daemon, kill);
  try {
    await waitForDaemon(host, daemon, env);
  } catch (error) {
    await stop();
    throw error;
  }
  return {host, stop};
}

/**
 * Makes an image of a directory.
 *
 * @param {string} host
 * @param {string} rootfs
 * @param {string} image its name
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function importImage(host, rootfs, image, env = process.env) {
  const archive = `${rootfs}.tar`;
  await execute('tar', ['-C', rootfs, '-cf', archive, '.']);
  await execute('docker', ['--host', host, 'import', archive, image], {env});
}

/**
 * @param {string} host
 * @param {import('node:child_process').ChildProcess} daemon
 * @param {NodeJS.ProcessEnv} env
 */
async function waitForDaemon(host, daemon, env) {
  for (const end = Date.now() + startMs; Date.now() < end; await delay(100)) {
    if (daemon.exitCode !== null) break;
    const answered = await execute('docker', ['--host', host, 'version'], {env}).then(
      () => true,
      () => false,
    );
    if (answered) return;
  }
  const log = await readFile(join(host.slice('unix://'.length), '../log'), 'utf8');
  throw new Error(`dockerd did not start: ${log.trimEnd().split('\n').at(-1)}`);
}

/**
 * @param {import('node:child_process').ChildProcess} daemon
 * @param {(signal: string) => Promise<void>} kill
 */
async function end(daemon, kill) {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  await kill('TERM');
  const left = setTimeout(() => void kill('KILL'), endMs);
  await ended;
  clearTimeout(left);
}
