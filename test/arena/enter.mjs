import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const setup = fileURLToPath(new URL('setup.sh', import.meta.url));
const namespaces = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

/**
 * Runs this program again in mount, network and pid namespaces of its own. All tools run
 * there side by side, and their mounts, interfaces and processes end with it.
 *
 * @param {readonly string[]} argv of the Node program
 * @param {{path: string, cgroup: string}} scratch
 * @returns {Promise<number>} its exit code
 */
export async function enterArena(argv, scratch) {
  const [file = '', ...words] = arenaCommand([process.execPath, ...argv]);
  const child = spawn(file, words, {stdio: 'inherit', env: arenaEnvironment(scratch)});
  // Ctrl-C reaches the arena by itself; this process stays to clean up.
  const stay = () => {};
  const end = () => child.kill('SIGKILL');
  process.on('SIGINT', stay).on('SIGTERM', end);
  const [code] = await once(child, 'close');
  process.off('SIGINT', stay).off('SIGTERM', end);
  return code ?? 1;
}

/**
 * What runs a command as it would run in an arena: when it has ended, all is gone that it left.
 *
 * @param {readonly string[]} argv
 * @returns {string[]}
 */
export function arenaCommand(argv) {
  return ['unshare', ...namespaces, '--', 'sh', setup, ...argv];
}

/**
 * The same small environment for every tool, with no folder of the person who runs them.
 *
 * @param {{path: string, cgroup: string}} scratch
 * @returns {NodeJS.ProcessEnv}
 */
export function arenaEnvironment({path, cgroup}) {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: join(path, 'home'),
    TMPDIR: join(path, 'tmp'),
    MINICONTAINER_ROOT: join(path, 'minicontainer'),
    MINICONTAINER_CACHE: join(path, 'cache'),
    MINICONTAINER_ARENA: path,
    MINICONTAINER_ARENA_CGROUP: cgroup,
  };
}
