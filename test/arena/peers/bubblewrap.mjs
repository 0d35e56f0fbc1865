import {versionOf} from './version.mjs';

/** @type {import('../arena.mjs').Peer} */
export const bubblewrap = {
  name: 'bwrap',
  open: async ({rootfs}) => ({
    version: await versionOf('bwrap'),
    note: '--unshare-all, no cgroup',
    argv: (command) => [
      'bwrap',
      '--unshare-all',
      '--bind',
      rootfs,
      '/',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--tmpfs',
      '/tmp',
      ...command,
    ],
  }),
};
