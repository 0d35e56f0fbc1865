import {join} from 'node:path';
import {makeBundle} from '../arena/bundle.mjs';
import {versionOf} from './version.mjs';

/** @typedef {import('../arena/arena.mjs').Peer} Peer */

/**
 * An OCI runtime without an engine above it, with the configuration of `crun spec`.
 *
 * @param {'crun' | 'runc'} name
 * @returns {Peer}
 */
function runtime(name) {
  return {
    name,
    open: async ({scratch, rootfs, cgroup}) => ({
      version: await versionOf(name),
      argv: async (command) => {
        const id = `${name}-${command.join('-').replaceAll('/', '')}`;
        const bundle = await makeBundle(join(scratch, id), {
          rootfs,
          command,
          cgroupsPath: `/${cgroup}/${id}`,
        });
        return [name, '--root', join(scratch, name), 'run', '--bundle', bundle, id];
      },
    }),
  };
}

export const crun = runtime('crun');
export const runc = runtime('runc');
