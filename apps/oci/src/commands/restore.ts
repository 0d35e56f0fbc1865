import {resolve} from 'node:path';
import {planRestore} from '@minicontainer/engine/runtime';
import {onlyWord, text} from '../command-line.ts';
import {criuFlags, criuOptions} from '../criu-flags.ts';
import {handOver} from '../plan-channel.ts';
import type {Verb} from '../verb.ts';

export const restore: Verb = {
  synopsis: 'restore [FLAGS] ID',
  about: 'Make a container of what checkpoint wrote, which goes on where it was',
  flags: {
    ...criuFlags,
    bundle: {type: 'string', short: 'b', about: '`DIR` of the bundle; the current one unless said'},
    'pid-file': {type: 'string', about: '`FILE` to write the id of its first process to'},
    detach: {type: 'boolean', short: 'd', about: 'Do not wait for its end'},
    keep: {type: 'boolean', about: 'Leave its state when it has ended, until it is deleted'},
    'no-subreaper': {type: 'boolean', about: 'Taken, and without effect: there is none'},
    'no-pivot': {type: 'boolean', about: 'Taken, and without effect: criu makes the root'},
  },
  run({values, words}, {root, global}) {
    const id = onlyWord('restore', words);
    const pidFile = text(values, 'pid-file');
    return handOver(
      planRestore({
        ...criuOptions(values, global),
        ...{root, id, bundle: resolve(text(values, 'bundle') ?? '.')},
        detach: values.detach === true,
        keep: values.keep === true,
        ...(pidFile !== undefined && {pidFile: resolve(pidFile)}),
      }),
    );
  },
};
