import {docker} from '../../arena/peers/docker.mjs';
import {minicontainer} from '../../arena/peers/minicontainer.mjs';
import {crun} from '../../arena/peers/oci.mjs';
import {podman} from '../../arena/peers/podman.mjs';
import {holdContest} from '../contest.mjs';
import {node} from '../peers/node.mjs';
import {sandboxRuntime} from '../peers/sandbox-runtime.mjs';

/** @typedef {import('../../arena/arena.mjs').Peer} Peer */

const command = ['/bin/true'];

/**
 * Our command line beside one engine, alone: a third tool in the round would still be cleaning up
 * while the next one runs.
 *
 * @param {Peer} peer
 * @param {number} atMost
 * @returns {import('../contest.mjs').Contest}
 */
function against(peer, atMost) {
  return {
    title: `run /bin/true beside ${peer.name}`,
    peers: [minicontainer, peer],
    command,
    figures: [
      {
        label: `${minicontainer.name} / ${peer.name}`,
        of: [minicontainer, peer],
        compute: (ours = NaN, theirs = NaN) => ours / theirs,
        atMost,
      },
    ],
  };
}

/** @type {readonly import('../contest.mjs').Contest[]} */
const contests = [
  {
    title: 'run /bin/true above node -e 0, in units of crun run',
    peers: [minicontainer, node, crun],
    command,
    figures: [
      {
        label: '(minicontainer − node -e 0) / crun',
        of: [minicontainer, node, crun],
        compute: (ours = NaN, bare = NaN, theirs = NaN) => (ours - bare) / theirs,
        atMost: 3,
      },
    ],
  },
  against(podman, 0.6),
  against(docker, 0.42),
  against(sandboxRuntime, 0.3),
];

/** How long a person waits for a command in a container.
 * @type {import('./case.mjs').Case} */
export const start = {
  name: 'start',
  peers: [minicontainer, node, crun, podman, docker, sandboxRuntime],
  run: async (arena) => {
    const sections = [];
    for (const contest of contests) sections.push(await holdContest(arena, contest));
    return sections;
  },
};
