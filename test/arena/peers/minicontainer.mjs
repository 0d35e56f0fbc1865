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

/** The command on the root file system that the other tools get. */
export const minicontainerRootfs = minicontainerOn([], cli);

/**
 * @param {readonly string[]} flags of `run`
 * @param {string} program the built command line, where whoever runs it can read it
 * @returns {import('../arena.mjs').Peer}
 */
export function minicontainerOn(flags, program) {
  return {
    name: ['minicontainer --rootfs', ...flags].join(' '),
    ours: true,
    open: async ({rootfs}) => ({
      version: await builtVersion(program),
      argv: (command, {user} = {}) => [
        process.execPath,
        program,
        'run',
        ...(user === undefined ? [] : ['--user', user]),
        ...['--network', 'none', '--rootfs', rootfs, ...flags],
        ...command,
      ],
    }),
  };
}

/**
 * @param {string} [program]
 * @returns {Promise<string>}
 */
async function builtVersion(program = cli) {
  await access(program).catch((error) => {
    throw new Error('not built: run npm run build', {cause: error});
  });
  return versionOf(process.execPath, [program, '--version']);
}
