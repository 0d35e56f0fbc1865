import {bubblewrap} from '../../arena/peers/bubblewrap.mjs';
import {docker} from '../../arena/peers/docker.mjs';
import {minicontainerRootfs} from '../../arena/peers/minicontainer.mjs';
import {none} from '../../arena/peers/none.mjs';
import {crun} from '../../arena/peers/oci.mjs';
import {podman} from '../../arena/peers/podman.mjs';
import {holdContest} from '../contest.mjs';

/** @typedef {import('../../arena/arena.mjs').Peer} Peer */

/**
 * Tools that pass the caller's pipes on move a gigabyte a second; an engine with a daemon in
 * between may need half a minute for it, and so gets less.
 *
 * @param {string} amount
 * @param {number} feedBytes
 * @param {readonly Peer[]} peers
 * @param {Peer} unit what the others are compared with
 * @returns {import('../contest.mjs').Contest}
 */
function through(amount, feedBytes, peers, unit) {
  return {
    title: `${amount} from a pipe through cat into a pipe`,
    peers,
    command: ['/bin/cat'],
    feedBytes,
    // Each run takes seconds, and so varies less than a start does.
    maxRounds: 5,
    figures: peers
      .filter((peer) => peer !== unit)
      .map((peer) => ({
        label: `${peer.name} / ${unit.name}`,
        of: [peer, unit],
        compute: (tool = NaN, other = NaN) => tool / other,
      })),
  };
}

const direct = [none, bubblewrap, crun, minicontainerRootfs];
const engines = [minicontainerRootfs, podman, docker];

/** What standing between a pipe and the container costs.
 * @type {import('./case.mjs').Case} */
export const relay = {
  name: 'relay',
  peers: [...direct, ...engines],
  run: async (arena) => [
    await holdContest(arena, through('1 GiB', 2 ** 30, direct, bubblewrap)),
    await holdContest(arena, through('64 MiB', 2 ** 26, engines, podman)),
  ],
};
