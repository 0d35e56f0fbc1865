import {type ListedContainer, listContainers} from '@minicontainer/engine/runtime';
import {noWords} from '../command-line.ts';
import {formatOf} from '../formats.ts';
import {table} from '../table.ts';
import type {Verb} from '../verb.ts';

export const list: Verb = {
  synopsis: 'list [FLAGS]',
  about: 'List the containers, with their status',
  flags: {
    format: {type: 'string', short: 'f', about: '`FORMAT`: table, unless said, or json'},
    quiet: {type: 'boolean', short: 'q', about: 'Print the ids alone, one a line'},
  },
  run({values, words}, {root}) {
    noWords('list', words);
    const format = formatOf(values);
    const containers = listContainers(root);
    process.stdout.write(print(containers, values.quiet === true ? 'quiet' : format));
    return 0;
  },
};

function print(containers: readonly ListedContainer[], as: 'quiet' | 'table' | 'json'): string {
  switch (as) {
    case 'quiet':
      return containers.map(({id}) => `${id}\n`).join('');
    // Of none runc prints null, which is what Go makes of an empty list.
    case 'json':
      return `${JSON.stringify(containers.length > 0 ? containers : null)}\n`;
    case 'table':
      return table([
        ['ID', 'PID', 'STATUS', 'BUNDLE', 'CREATED', 'OWNER'],
        ...containers.map(({id, pid, status, bundle, created = '', owner}) => [
          ...[id, String(pid), status, bundle, created, owner],
        ]),
      ]);
  }
}
