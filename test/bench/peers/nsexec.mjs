import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readHostFacts} from '@minicontainer/engine';
import {findNsexec} from '@minicontainer/nsexec';
import {compilePlan, encodePlan} from '@minicontainer/plan';
import {makeBundle} from '../../arena/bundle.mjs';

/** @typedef {import('../../arena/arena.mjs').Peer} Peer */

const manifest = new URL('../../../native/nsexec/package.json', import.meta.url);

/**
 * Our C program alone, with the configuration that the OCI runtimes get, compiled into a plan before
 * anything is measured. Only `cgroupsPath` is left out: that says where crun's cgroup goes.
 *
 * @param {string} name
 * @param {{userNamespace?: boolean}} [options]
 * @returns {Peer}
 */
function performer(name, {userNamespace = false} = {}) {
  return {
    name,
    ours: true,
    open: async ({scratch, rootfs, shiftedRootfs}) => ({
      version: String(JSON.parse(await readFile(manifest, 'utf8')).version),
      note: 'makes no cgroup',
      argv: () => [findNsexec(), '3'],
      descriptor3: async (command) => {
        const id = [name, ...command].join('-').replace(/[^\w-]/g, '');
        const bundle = await makeBundle(join(scratch, id), {
          rootfs: userNamespace ? shiftedRootfs : rootfs,
          command,
          userNamespace,
        });
        const spec = JSON.parse(await readFile(join(bundle, 'config.json'), 'utf8'));
        const plan = join(bundle, 'plan');
        await writeFile(plan, encodePlan(compilePlan(spec, readHostFacts(spec), {id})));
        return plan;
      },
    }),
  };
}

export const nsexec = performer('nsexec');
export const nsexecUserNamespace = performer('nsexec, user namespace', {userNamespace: true});
