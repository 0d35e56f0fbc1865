import {versionOf} from '../../arena/peers/version.mjs';

/** @type {import('../../arena/arena.mjs').Peer} */
export const unshare = {
  name: 'unshare + chroot',
  open: async ({rootfs}) => ({
    version: await versionOf('unshare'),
    note: 'only /proc, no cgroup',
    argv: (command) => [
      'unshare',
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      '--net',
      '--fork',
      `--root=${rootfs}`,
      '--mount-proc',
      ...command,
    ],
  }),
};
