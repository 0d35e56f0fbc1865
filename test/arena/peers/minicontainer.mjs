import {access} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {versionOf} from './version.mjs';

const cli = fileURLToPath(new URL('../../../apps/cli/dist/minicontainer.cjs', import.meta.url));

/** The command in the host view, which needs nothing but this machine.
 * @type {import('../arena.mjs').Peer} */
export const minicontainer = {
  name: 'minicontainer',
  ours: true,
  open: async () => ({
    version: await builtVersion(),
    note: 'host view',
    argv: (command) => [process.execPath, cli, 'run', '--network', 'none', ...command],
  }),
};

/** The command on the root file system that the other tools get.
 * @type {import('../arena.mjs').Peer} */
export const minicontainerRootfs = {
  name: 'minicontainer --rootfs',
  ours: true,
  open: async ({rootfs}) => ({
    version: await builtVersion(),
    argv: (command) => [
      process.execPath,
      cli,
      'run',
      '--network',
      'none',
      '--rootfs',
      rootfs,
      ...command,
    ],
  }),
};

/** @returns {Promise<string>} */
async function builtVersion() {
  await access(cli).catch((error) => {
    throw new Error('not built: run npm run build', {cause: error});
  });
  return versionOf(process.execPath, [cli, '--version']);
}
