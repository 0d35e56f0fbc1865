import {readFileSync} from 'node:fs';
import {readContainer, updateContainer, updateResctrl} from '@minicontainer/engine/runtime';
import {onlyWord, text} from '../command-line.ts';
import {parseResources, resourcesOfFlags, updateFlags} from '../update-flags.ts';
import type {Verb} from '../verb.ts';

export const update: Verb = {
  synopsis: 'update [FLAGS] ID',
  about: 'Change the limits of a container that is there',
  details:
    'With --resources the other flags do not count. Sizes are bytes, or have a unit: 64m, 1g.\nWhat is not named stays as it is.',
  flags: updateFlags,
  run({values, words}, {root}) {
    const id = onlyWord('update', words);
    const file = text(values, 'resources');
    const resources =
      file === undefined
        ? resourcesOfFlags(values)
        : parseResources(readFileSync(file === '-' ? 0 : file, 'utf8'), file);
    const container = readContainer(root, id);
    updateContainer(container, resources);
    const lines = ['l3-cache-schema', 'mem-bw-schema'].flatMap((name) => text(values, name) ?? []);
    if (lines.length > 0) updateResctrl(container, lines);
    return 0;
  },
};
