import {crun, crunNoCgroup, crunUserNamespace} from '../../arena/peers/oci.mjs';
import {holdContest} from '../contest.mjs';
import {nsexec, nsexecNoCgroup, nsexecUserNamespace} from '../peers/nsexec.mjs';

/** @typedef {import('../../arena/arena.mjs').Peer} Peer */

/**
 * @param {string} title
 * @param {readonly [ours: Peer, theirs: Peer]} pair
 * @param {{atMost: number}} [target]
 * @returns {import('../contest.mjs').Contest}
 */
function pair(title, [ours, theirs], target) {
  const label = `${ours.name} / ${theirs.name}`;
  const of = [ours, theirs];
  const compute = (mine = NaN, other = NaN) => mine / other;
  return {
    title,
    peers: of,
    command: ['/bin/true'],
    figures: [
      {label, of, compute, ...target},
      {label: `${label}, cpu`, of, compute, measure: 'cpuMs'},
    ],
  };
}

/** @type {readonly import('../contest.mjs').Contest[]} */
const contests = [
  pair('the config.json of crun spec', [nsexec, crun], {atMost: 0.5}),
  pair('the same in a user namespace', [nsexecUserNamespace, crunUserNamespace]),
  pair('the same, both without a cgroup', [nsexecNoCgroup, crunNoCgroup]),
];

/** How long making and ending a container takes, with nothing above it.
 * @type {import('./case.mjs').Case} */
export const sameConfig = {
  name: 'same-config',
  peers: [nsexec, nsexecUserNamespace, nsexecNoCgroup, crun, crunUserNamespace, crunNoCgroup],
  run: async (arena) => {
    const sections = [];
    for (const contest of contests) sections.push(await holdContest(arena, contest));
    return sections;
  },
};
