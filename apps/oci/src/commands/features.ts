import {runtimeFeatures} from '@minicontainer/engine/runtime';
import {noWords} from '../command-line.ts';
import {version} from '../help/version.ts';
import type {Verb} from '../verb.ts';

export const features: Verb = {
  synopsis: 'features',
  about: 'Print what of the runtime spec there is here, as JSON',
  flags: {},
  run({words}) {
    noWords('features', words);
    process.stdout.write(`${JSON.stringify(runtimeFeatures(version()), null, 4)}\n`);
    return 0;
  },
};
