import {planContainer} from '@minicontainer/engine/runtime';
import {bundleFlags, bundleOptions} from '../bundle-flags.ts';
import {onlyWord} from '../command-line.ts';
import {handOver} from '../plan-channel.ts';
import type {Verb} from '../verb.ts';

export const create: Verb = {
  synopsis: 'create [FLAGS] ID',
  about: 'Make a container that waits to be started',
  flags: bundleFlags,
  run({values, words}, {root, global}) {
    const id = onlyWord('create', words);
    return handOver(
      planContainer({...bundleOptions(values, global), id, root, gate: true, detach: true}),
    );
  },
};
