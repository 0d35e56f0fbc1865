import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, open, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {promisify} from 'node:util';
import {listProcesses} from '../processes.mjs';
import {versionOf} from './version.mjs';

const execute = promisify(execFile);
const startMs = 20_000;
const image = 'bench';

/** A dockerd of the arena's own, with no bridge and no packet filter.
 * @type {import('../arena.mjs').Peer} */
export const docker = {
  name: 'docker run',
  open: async ({scratch, rootfs, cgroup}) => {
    await versionOf('docker');
    const directory = join(scratch, 'docker');
    const host = `unix://${join(directory, 'socket')}`;
    const before = new Set(await listProcesses());
    const daemon = await startDaemon(directory, host, `/${cgroup}/docker`);
    try {
      await waitForDaemon(host, daemon);
      await execute('tar', ['-C', rootfs, '-cf', join(directory, 'image.tar'), '.']);
      await execute('docker', ['-H', host, 'import', join(directory, 'image.tar'), image]);
    } catch (error) {
      await stop(daemon);
      throw error;
    }
    return {
      version: await versionOf('dockerd'),
      note: '--network none; cpu of its client only',
      standing: (await listProcesses()).filter((pid) => !before.has(pid)),
      argv: (command, {stdin = false, user} = {}) => [
        'docker',
        '-H',
        host,
        'run',
        '--rm',
        ...(stdin ? ['--interactive'] : []),
        ...(user === undefined ? [] : ['--user', user]),
        '--network',
        'none',
        image,
        ...command,
      ],
      close: () => stop(daemon),
    };
  },
};

/**
 * @param {string} directory
 * @param {string} host
 * @param {string} cgroupParent
 */
async function startDaemon(directory, host, cgroupParent) {
  await versionOf('dockerd');
  await mkdir(directory);
  const log = await open(join(directory, 'log'), 'a');
  const daemon = spawn(
    'dockerd',
    [
      ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
      ...['--pidfile', join(directory, 'pid'), '--host', host],
      // Not systemd's, which a host that runs systemd would get: a cgroup of the arena's is a path.
      ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', cgroupParent],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false'],
    ],
    {stdio: ['ignore', log.fd, log.fd]},
  );
  await log.close();
  return daemon;
}

/**
 * @param {string} host
 * @param {import('node:child_process').ChildProcess} daemon
 */
async function waitForDaemon(host, daemon) {
  for (const end = Date.now() + startMs; Date.now() < end; await delay(100)) {
    if (daemon.exitCode !== null) break;
    const answered = await execute('docker', ['-H', host, 'version']).then(
      () => true,
      () => false,
    );
    if (answered) return;
  }
  const log = await readFile(join(host.slice('unix://'.length), '../log'), 'utf8');
  throw new Error(`dockerd did not start: ${log.trimEnd().split('\n').at(-1)}`);
}

/** @param {import('node:child_process').ChildProcess} daemon */
async function stop(daemon) {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  daemon.kill('SIGTERM');
  const left = setTimeout(() => daemon.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(left);
}
