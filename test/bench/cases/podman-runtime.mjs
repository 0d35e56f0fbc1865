import {ours as program} from '../../arena/peers/oci-verbs.mjs';
import {podmanOver} from '../../arena/peers/podman.mjs';
import {holdContest} from '../contest.mjs';
import {node} from '../peers/node.mjs';

const overOurs = podmanOver('podman over minicontainer-oci', program, true);
const overCrun = podmanOver('podman over crun', 'crun');
const overRunc = podmanOver('podman over runc', 'runc');
const peers = [node, overOurs, overCrun, overRunc];

/** What our runtime adds to an engine's run.
 * @type {import('./case.mjs').Case} */
export const podmanRuntime = {
  name: 'podman-runtime',
  peers,
  run: async (arena) => [
    await holdContest(arena, {
      title: 'podman run --rm … /bin/true, by runtime',
      peers,
      command: ['/bin/true'],
      figures: [
        {
          label: `(${overOurs.name} − ${overCrun.name}) / ${node.name}`,
          of: [overOurs, overCrun, node],
          compute: (own = NaN, theirs = NaN, bare = NaN) => (own - theirs) / bare,
          atMost: 1.5,
        },
      ],
    }),
  ],
};
