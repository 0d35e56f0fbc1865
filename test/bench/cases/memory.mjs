import {bubblewrap} from '../../arena/peers/bubblewrap.mjs';
import {docker} from '../../arena/peers/docker.mjs';
import {minicontainer} from '../../arena/peers/minicontainer.mjs';
import {crun, runc} from '../../arena/peers/oci.mjs';
import {podman} from '../../arena/peers/podman.mjs';
import {lastLine} from '../measure/pair.mjs';
import {pssOf, residentBeside} from '../measure/resident.mjs';
import {median} from '../measure/statistics.mjs';
import {sandboxRuntime} from '../peers/sandbox-runtime.mjs';
import {judge} from '../report/section.mjs';

/**
 * @typedef {import('../measure/arena.mjs').MeasuringArena} Arena
 * @typedef {import('../../arena/arena.mjs').Peer} Peer
 * @typedef {import('../report/section.mjs').Verdict} Verdict
 */

const seconds = '30';
const runs = 3;
const atMostKb = 1024;
const all = [minicontainer, bubblewrap, crun, runc, podman, docker, sandboxRuntime];

/** What a container in the foreground keeps in memory beside its own process.
 * @type {import('./case.mjs').Case} */
export const memory = {
  name: 'memory',
  peers: all,
  run: async (arena) => {
    const found = [];
    for (const peer of all) found.push(await measure(arena, peer));
    return [
      {
        title: 'resident beside a sleeping foreground container',
        columns: ['', 'PSS kB', 'processes', 'note'],
        rows: found.map(({peer, pssKb, names, note}) => [
          peer.name,
          pssKb === undefined ? '' : String(pssKb),
          names,
          note,
        ]),
        verdicts: found.filter(({peer}) => peer === minicontainer).map(decide),
        samples: found.map(({peer, pssKb, names}) => ({name: peer.name, pssKb, names})),
      },
    ];
  },
};

/** @typedef {{peer: Peer, pssKb: number | undefined, names: string, note: string}} Found */

/**
 * @param {Arena} arena
 * @param {Peer} peer
 * @returns {Promise<Found>}
 */
async function measure(arena, peer) {
  try {
    const tool = await arena.open(peer);
    const argv = await tool.argv(['/bin/sleep', seconds]);
    const samples = [];
    let names = '';
    for (let i = 0; i < runs; i++) {
      const residents = await residentBeside(argv, seconds);
      names = residents.map(({name, pssKb}) => `${name} ${pssKb}`).join(', ');
      samples.push(residents.reduce((sum, {pssKb}) => sum + pssKb, 0));
    }
    const standingKb = tool.standing ? await pssOf(tool.standing) : 0;
    const note = standingKb > 0 ? `and ${standingKb} kB of daemons, whatever runs` : '';
    return {peer, pssKb: median(samples), names, note};
  } catch (error) {
    return {peer, pssKb: undefined, names: '', note: lastLine(error)};
  }
}

/**
 * @param {Found} found
 * @returns {Verdict}
 */
function decide({peer, pssKb}) {
  const label = `${peer.name}, PSS beside the container's own process`;
  const target = `≤ ${atMostKb} kB`;
  if (pssKb === undefined) {
    return {label, target, measured: '', status: 'not measured', ours: true};
  }
  return {label, target, measured: `${pssKb} kB`, status: judge(pssKb, atMostKb)};
}
