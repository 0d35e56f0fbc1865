import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {compileSpec} from '@minicontainer/engine';
import {findNsexec} from '@minicontainer/nsexec';
import {encodePlan} from '@minicontainer/plan';
import {makeBundle} from '../../arena/bundle.mjs';

/** @typedef {import('../../arena/arena.mjs').Peer} Peer */

const manifest = new URL('../../../native/nsexec/package.json', import.meta.url);

/**
 * Our C program alone, with the configuration that the OCI runtimes get, compiled into a plan before
 * anything is measured.
 *
 * @param {string} label what the variant is called
 * @param {{userNamespace?: boolean, change?: (config: any) => void,
 *   cgroups?: 'enabled' | 'disabled'}} [options]
 * @returns {Peer}
 */
export function performer(label, {userNamespace = false, change, cgroups = 'enabled'} = {}) {
  const name = label === '' ? 'nsexec' : `nsexec, ${label}`;
  return {
    name,
    ours: true,
    open: async ({scratch, rootfs, shiftedRootfs, cgroup}) => ({
      version: String(JSON.parse(await readFile(manifest, 'utf8')).version),
      argv: () => [findNsexec(), '3'],
      descriptor3: async (command) => {
        const id = [name, ...command].join('-').replace(/[^\w-]/g, '');
        const bundle = await makeBundle(join(scratch, id), {
          rootfs: userNamespace ? shiftedRootfs : rootfs,
          command,
          cgroupsPath: `/${cgroup}/${id}`,
          userNamespace,
          ...(change && {change}),
        });
        const spec = JSON.parse(await readFile(join(bundle, 'config.json'), 'utf8'));
        const plan = join(bundle, 'plan');
        await writeFile(plan, encodePlan(compileSpec(spec, {id, bundle, cgroups})));
        return plan;
      },
    }),
  };
}

export const nsexec = performer('');
export const nsexecUserNamespace = performer('user namespace', {userNamespace: true});
export const nsexecNoCgroup = performer('no cgroup', {cgroups: 'disabled', change: withoutLimits});

/** @param {any} config */
function withoutLimits(config) {
  delete config.linux.cgroupsPath;
  delete config.linux.resources;
}
