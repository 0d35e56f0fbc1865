import {holdContest} from '../contest.mjs';
import {bubblewrap} from '../peers/bubblewrap.mjs';
import {docker} from '../peers/docker.mjs';
import {minicontainer, minicontainerRootfs} from '../peers/minicontainer.mjs';
import {node} from '../peers/node.mjs';
import {none} from '../peers/none.mjs';
import {crun, runc} from '../peers/oci.mjs';
import {podman} from '../peers/podman.mjs';
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
