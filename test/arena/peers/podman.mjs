import {join} from 'node:path';
import {versionOf} from './version.mjs';

/** @type {import('../arena.mjs').Peer} */
export const podman = {
  name: 'podman run',
  open: async ({scratch, rootfs, cgroup}) => ({
    version: await versionOf('podman'),
    note: '--network none; cpu without conmon',
    argv: (command, {stdin = false} = {}) => [
      'podman',
      '--root',
      join(scratch, 'podman/root'),
      '--runroot',
      join(scratch, 'podman/run'),
      '--cgroup-manager',
      'cgroupfs',
      'run',
      '--rm',
      ...(stdin ? ['--interactive'] : []),
      '--network',
      'none',
      '--cgroup-parent',
      `/${cgroup}/podman`,
      // Its own defaults are above what a root without CAP_SYS_RESOURCE may set.
      '--ulimit',
      'nofile=1024:1024',
      '--ulimit',
      'nproc=1024:1024',
      '--rootfs',
      rootfs,
      ...command,
    ],
  }),
};
