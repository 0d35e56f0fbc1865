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
    bundle: {type: 'string', short: 'b'},
    'pid-file': {type: 'string'},
    detach: {type: 'boolean', short: 'd'},
    keep: {type: 'boolean'},
    'no-subreaper': {type: 'boolean'},
    'no-pivot': {type: 'boolean'},
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
