import {bubblewrap} from '../../arena/peers/bubblewrap.mjs';
import {docker} from '../../arena/peers/docker.mjs';
import {minicontainer, minicontainerRootfs} from '../../arena/peers/minicontainer.mjs';
import {none} from '../../arena/peers/none.mjs';
import {crun, runc} from '../../arena/peers/oci.mjs';
import {podman} from '../../arena/peers/podman.mjs';
import {holdContest} from '../contest.mjs';
import {node} from '../peers/node.mjs';
import {sandboxRuntime} from '../peers/sandbox-runtime.mjs';
import {unshare} from '../peers/unshare.mjs';

const all = [
  none,
  unshare,
  bubblewrap,
  crun,
  runc,
  node,
  minicontainer,
  minicontainerRootfs,
  podman,
  docker,
  sandboxRuntime,
];

/** All tools in one round, to see where each stands; nothing has to hold here.
 * @type {import('./case.mjs').Case} */
export const peers = {
  name: 'peers',
  peers: all,
  run: async (arena) => [
    await holdContest(arena, {
      title: 'run /bin/true, all tools in turn',
      peers: all,
      command: ['/bin/true'],
      figures: all
        .filter((peer) => peer !== crun)
        .map((peer) => ({
          label: `${peer.name} / crun`,
          of: [peer, crun],
          compute: (tool = NaN, theirs = NaN) => tool / theirs,
        })),
    }),
  ],
};
