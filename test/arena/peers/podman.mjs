import {join} from 'node:path';
import {versionOf} from './version.mjs';

/** @typedef {import('../arena.mjs').Peer} Peer */

/** @param {import('../arena.mjs').Arena} arena */
const rootFlags = ({cgroup}) => [
  ...['--cgroup-parent', `/${cgroup}/podman`],
  // Its own defaults are above what a root without CAP_SYS_RESOURCE may set.
  ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'],
];

export const podman = engine('podman run', rootFlags);

/** For a plain user, who has no cgroup of v1. */
export const podmanRootless = engine('podman run, rootless', () => [
  ...['--cgroups', 'disabled'],
  ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'],
]);

/**
 * Podman as root, over another runtime than its own.
 *
 * @param {string} name
 * @param {string} runtime a name that Podman knows, or a path
 * @param {boolean} [ours]
 * @returns {Peer}
 */
export function podmanOver(name, runtime, ours = false) {
  return {...engine(name, rootFlags, ['--runtime', runtime]), ours};
}

/**
 * @param {string} name
 * @param {(arena: import('../arena.mjs').Arena) => string[]} flags of `run`
 * @param {readonly string[]} [global] flags of Podman itself
 * @returns {Peer}
 */
function engine(name, flags, global = []) {
  return {
    name,
    open: async (arena) => ({
      version: await versionOf('podman'),
      note: '--network none; cpu without conmon',
      argv: (command, {stdin = false, user} = {}) => [
        'podman',
        ...global,
        ...['--root', join(arena.scratch, 'podman/root')],
        ...['--runroot', join(arena.scratch, 'podman/run')],
        ...['--cgroup-manager', 'cgroupfs'],
        ...['run', '--rm', ...(stdin ? ['--interactive'] : [])],
        ...['--network', 'none'],
        ...(user === undefined ? [] : ['--user', user]),
        ...flags(arena),
        ...['--rootfs', arena.rootfs],
        ...command,
      ],
    }),
  };
}
