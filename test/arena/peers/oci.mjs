import {join} from 'node:path';
import {makeBundle} from '../bundle.mjs';
import {versionOf} from './version.mjs';

/** @typedef {import('../arena.mjs').Peer} Peer */

/**
 * @typedef {object} Variant
 * @property {string} label what the variant is called
 * @property {readonly string[]} [flags] of the runtime itself
 * @property {boolean} [userNamespace]
 * @property {'crun' | 'runc'} [specOf] whose configuration it gets, unless crun's
 * @property {(config: any) => void} [change] what is changed in it
 */

/**
 * An OCI runtime without an engine above it.
 *
 * @param {'crun' | 'runc'} tool
 * @param {Variant} [variant]
 * @returns {Peer}
 */
export function runtime(
  tool,
  {label, flags = [], userNamespace = false, specOf, change} = {label: ''},
) {
  return {
    name: label === '' ? tool : `${tool}, ${label}`,
    open: async ({scratch, rootfs, shiftedRootfs, cgroup}) => ({
      version: await versionOf(tool),
      argv: async (command) => {
        const id = [tool, label, ...command].join('-').replace(/[^\w-]/g, '');
        const bundle = await makeBundle(join(scratch, id), {
          rootfs: userNamespace ? shiftedRootfs : rootfs,
          command,
          cgroupsPath: `/${cgroup}/${id}`,
          userNamespace,
          ...(specOf && {specOf}),
          ...(change && {change}),
        });
        return [tool, '--root', join(scratch, tool), ...flags, 'run', '--bundle', bundle, id];
      },
    }),
  };
}

export const crun = runtime('crun');
export const crunUserNamespace = runtime('crun', {label: 'user namespace', userNamespace: true});
export const crunNoCgroup = runtime('crun', {
  label: 'no cgroup',
  flags: ['--cgroup-manager', 'disabled'],
});
export const runc = runtime('runc');
export const runcOwnSpec = runtime('runc', {label: 'its own spec', specOf: 'runc'});
