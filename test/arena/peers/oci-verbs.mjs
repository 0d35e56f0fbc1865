import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {makeBundle} from '../bundle.mjs';
import {versionOf} from './version.mjs';

/** @typedef {import('../arena.mjs').Peer} Peer */
/** @typedef {'create' | 'state' | 'start' | 'kill' | 'delete'} Verb */

/** In the order in which a container is made, used and removed.
 * @type {readonly Verb[]} */
export const verbs = ['create', 'state', 'start', 'kill', 'delete'];

/** Our runtime, from this clone. */
export const ours = fileURLToPath(
  new URL('../../../apps/oci/bin/minicontainer-oci', import.meta.url),
);

/**
 * One peer for each verb of a runtime's command line: run in their order they make a container and remove it.
 *
 * @param {string} name
 * @param {string} program
 * @param {boolean} [own] whether it is ours
 * @returns {Record<Verb, Peer>}
 */
export function verbsOf(name, program, own = false) {
  const id = name.replace(/\W/g, '');
  /** @param {Verb} verb
   * @returns {Peer} */
  const peer = (verb) => ({
    name: `${name} ${verb}`,
    ours: own,
    open: async ({scratch, rootfs, cgroup}) => {
      const version = await versionOf(program);
      const bundle = join(scratch, `verbs-${id}`);
      const words = {
        create: ['create', '--bundle', bundle, id],
        state: ['state', id],
        start: ['start', id],
        kill: ['kill', id, 'KILL'],
        delete: ['delete', '--force', id],
      }[verb];
      return {
        version,
        argv: async (command) => {
          await makeBundle(bundle, {rootfs, command, cgroupsPath: `/${cgroup}/${id}`});
          return [program, '--root', join(scratch, `verbs-${id}-root`), ...words];
        },
      };
    },
  });
  return {
    create: peer('create'),
    state: peer('state'),
    start: peer('start'),
    kill: peer('kill'),
    delete: peer('delete'),
  };
}
