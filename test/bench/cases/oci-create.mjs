import {ours as program, verbs, verbsOf} from '../../arena/peers/oci-verbs.mjs';
import {holdContest} from '../contest.mjs';
import {residentAfter} from '../measure/at-rest.mjs';
import {node} from '../peers/node.mjs';
import {judge} from '../report/section.mjs';

/** @typedef {import('../report/section.mjs').Verdict} Verdict */

const ours = verbsOf('minicontainer-oci', program, true);
const crun = verbsOf('crun', 'crun');
const peers = [node, ...verbs.flatMap((verb) => [ours[verb], crun[verb]])];
const command = ['/bin/sleep', '1000'];

/** @type {import('../contest.mjs').Figure} */
const figure = {
  label: '(create + start + delete − 0.5 × those of crun) / node -e 0',
  of: [node, ours.create, ours.start, ours.delete, crun.create, crun.start, crun.delete],
  compute: (bare = NaN, ...rest) => {
    const [create = NaN, start = NaN, end = NaN, ...theirs] = rest;
    const sum = theirs.reduce((total, each) => total + each, 0);
    return (create + start + end - 0.5 * sum) / bare;
  },
};

/** A container's making, start and end, and what stays of us while it runs.
 * @type {import('./case.mjs').Case} */
export const ociCreate = {
  name: 'oci-create',
  peers,
  run: async (arena) => {
    const section = await holdContest(arena, {
      title: 'create, start, delete beside crun’s and Node’s own start',
      peers,
      sequence: true,
      command,
      figures: [
        {...figure, atMost: 1.4},
        {...figure, label: `${figure.label}, cpu`, measure: 'cpuMs'},
      ],
    });
    return [{...section, verdicts: [...section.verdicts, await atRest(arena)]}];
  },
};

/**
 * @param {import('../measure/arena.mjs').MeasuringArena} arena
 * @returns {Promise<Verdict>}
 */
async function atRest(arena) {
  const label = 'processes beside that of a running container';
  const words = [];
  for (const peer of [ours.create, ours.start, ours.delete]) {
    words.push(await (await arena.open(peer)).argv(command));
  }
  const left = await residentAfter(words);
  const measured = left.length === 0 ? '0' : left.map(({name}) => name).join(', ');
  return {label, target: '≤ 0', measured, status: judge(left.length, 0)};
}
