import {join} from 'node:path';
import {crun} from '../../arena/peers/oci.mjs';
import {holdContest} from '../contest.mjs';
import {ratio} from '../images/ratio.mjs';
import {inStore, registry, startRegistry, tool} from '../images/store.mjs';

/** @typedef {import('./case.mjs').Case} Case */

const runs = (/** @type {string} */ name, /** @type {readonly string[]} */ image) =>
  tool(
    name,
    ({scratch}) =>
      inStore(join(scratch, 'run'), ['run', '--network', 'none', ...image, '/bin/true']),
    {ours: true},
  );
const runsHost = runs('minicontainer run /bin/true', []);
const runsImage = runs('minicontainer run IMAGE', [`${registry}/fixtures/busybox`]);
const runsHundred = runs('minicontainer run IMAGE of 100 layers', [
  `${registry}/fixtures/layers-100`,
]);

/** An image that is there against the host view, and many layers against one.
 * @type {Case} */
export const imageRun = {
  name: 'image-run',
  peers: [runsHost, runsImage, runsHundred, crun],
  run: async (arena) => {
    const stop = await startRegistry(arena.scratch);
    try {
      return [
        await holdContest(arena, {
          title: 'run IMAGE /bin/true, the image being there',
          peers: [runsHost, runsImage, runsHundred, crun],
          command: ['/bin/true'],
          figures: [
            ratio(runsImage, runsHost, 1.1),
            {
              label: '(100 layers − one) / crun run',
              of: [runsHundred, runsImage, crun],
              compute: (many = NaN, one = NaN, unit = NaN) => (many - one) / unit,
              atMost: 0.25,
            },
          ],
        }),
      ];
    } finally {
      stop();
    }
  },
};
