import {planContainer} from '@minicontainer/engine/runtime';
import {bundleFlags, bundleOptions} from '../bundle-flags.ts';
import {onlyWord} from '../command-line.ts';
import {handOver} from '../plan-channel.ts';
import type {Verb} from '../verb.ts';

export const run: Verb = {
  synopsis: 'run [FLAGS] ID',
  about: 'Make and start a container, and remove it when it has ended',
  flags: {
    ...bundleFlags,
    detach: {type: 'boolean', short: 'd', about: 'Do not wait for its end'},
    keep: {type: 'boolean', about: 'Leave its state when it has ended, until it is deleted'},
  },
  run({values, words}, {root, global}) {
    const id = onlyWord('run', words);
    const {detach = false, keep = false} = values;
    return handOver(
      planContainer({
        ...bundleOptions(values, global),
        ...{id, root, gate: false, detach: detach === true, keep: keep === true},
      }),
    );
  },
};
