import {resolve} from 'node:path';
import {checkpoint as dump} from '@minicontainer/engine/runtime';
import {onlyWord, text} from '../command-line.ts';
import {criuFlags, criuOptions} from '../criu-flags.ts';
import type {Verb} from '../verb.ts';

export const checkpoint: Verb = {
  synopsis: 'checkpoint [FLAGS] ID',
  about: 'Write a running container to disk, with criu',
  flags: {
    ...criuFlags,
    'leave-running': {type: 'boolean', about: 'The container goes on'},
    'pre-dump': {
      type: 'boolean',
      about: 'Its memory alone, while it goes on; the rest comes later',
    },
    'parent-path': {
      type: 'string',
      about: '`DIR` of an earlier checkpoint, whose memory is not written again',
    },
    'page-server': {type: 'string', about: '`ADDRESS:PORT` of a criu that takes the memory'},
  },
  run({values, words}, {root, global}) {
    const id = onlyWord('checkpoint', words);
    const shared = criuOptions(values, global);
    dump({
      ...shared,
      ...{root, id},
      flags: [...shared.flags, ...chosenPages(values)],
      leaveRunning: values['leave-running'] === true,
      preDump: values['pre-dump'] === true,
    });
    return 0;
  },
};

/** Images that hold only what has changed since others, or pages that are sent elsewhere. */
function chosenPages(values: Parameters<typeof text>[0]): string[] {
  const parent = text(values, 'parent-path');
  const server = text(values, 'page-server');
  const at = server?.lastIndexOf(':') ?? -1;
  return [
    ...(parent === undefined ? [] : ['--prev-images-dir', resolve(parent)]),
    ...(server === undefined
      ? []
      : ['--page-server', '--address', server.slice(0, at), '--port', server.slice(at + 1)]),
  ];
}
