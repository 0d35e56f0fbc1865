import {writeSync} from 'node:fs';
import {followEvents, readContainer, statsEvent} from '@minicontainer/engine/runtime';
import {MinicontainerError} from '@minicontainer/errors';
import {onlyWord, text} from '../command-line.ts';
import type {Verb} from '../verb.ts';

export const events: Verb = {
  synopsis: 'events [FLAGS] ID',
  about: 'Print what a container uses, and that memory ran out, as lines of JSON until it ends',
  flags: {
    interval: {
      type: 'string',
      about: '`DURATION` between two lines of what it uses: 5s unless said',
    },
    stats: {type: 'boolean', about: 'Print one line of what it uses, and end'},
  },
  async run({values, words}, {root}) {
    const id = onlyWord('events', words);
    const intervalMs = durationMs(text(values, 'interval') ?? '5s');
    // At once: whoever reads them may wait for each.
    const tell = (line: string) => writeSync(1, line);
    if (values.stats === true) tell(statsEvent(readContainer(root, id)));
    else await followEvents(root, id, intervalMs, tell);
    return 0;
  },
};

const unitsMs: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000};

/** As Go writes it: `1m30s`. */
function durationMs(said: string): number {
  const parts = [...said.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const total = parts.reduce(
    (sum, [, n = '', unit = '']) => sum + Number(n) * (unitsMs[unit] ?? 0),
    0,
  );
  if (parts.map(([part]) => part).join('') === said && total > 0) return total;
  throw new MinicontainerError('EUSAGE', `invalid duration ${JSON.stringify(said)}`, {
    hint: 'duration interval must be greater than 0, such as 5s or 500ms',
  });
}
