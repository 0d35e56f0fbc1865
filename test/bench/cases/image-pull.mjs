import {join} from 'node:path';
import {holdContest} from '../contest.mjs';
import {pushLargeImage} from '../images/large-image.mjs';
import {ratio} from '../images/ratio.mjs';
import {inStore, registry, startEmptyRegistry, startRegistry, tool} from '../images/store.mjs';

/** @typedef {import('./case.mjs').Case} Case */

const oursPulls = tool(
  'minicontainer pull',
  ({scratch}) => inStore(join(scratch, 'pull'), ['pull', '-q', `${registry}/fixtures/debian`]),
  {ours: true},
);
/**
 * Takes a directory out of the way. It is not removed before the end: ext4 gives a new file no inode that was free
 * for less than minutes, and looks at each of them for every file.
 *
 * @param {string} what
 * @param {(place: {scratch: string}) => readonly string[]} directories
 */
const aside = (what, directories) =>
  tool(`${what} aside`, ({scratch}) => [
    ...['sh', '-c', 'for one; do [ ! -e "$one" ] || mv "$one" "$one.$$"; done', 'sh'],
    ...directories({scratch}),
  ]);
const oursForgets = aside('its store', ({scratch}) => [join(scratch, 'pull')]);
/** @param {string} scratch */
const podmanRoot = (scratch) => join(scratch, 'podman-pull');
const podmanRunRoot = '/run/podman-pull';
const podmanForgets = aside("podman's storage", ({scratch}) => [
  podmanRoot(scratch),
  podmanRunRoot,
]);
const podmanPulls = tool(
  'podman pull',
  ({scratch}) => [
    ...['podman', '--root', podmanRoot(scratch), '--runroot', podmanRunRoot],
    ...[
      '--storage-driver',
      'overlay',
      'pull',
      '-q',
      '--tls-verify=false',
      `${registry}/fixtures/debian`,
    ],
  ],
  {version: 'podman'},
);

/**
 * What one process of a pull had resident at most.
 *
 * @param {import('../../arena/arena.mjs').Peer} one
 */
const peak = (one) => ({
  label: `peak memory of ${one.name}, MB`,
  of: [one],
  compute: (mb = NaN) => mb,
  measure: /** @type {const} */ ('peakMb'),
  atMost: 150,
});

const largeBytes = 2 ** 30;
const oursPullsLarge = tool(
  'minicontainer pull of 1 GiB',
  ({scratch}) => inStore(join(scratch, 'pull-large'), ['pull', '-q', `${registry}/large`]),
  {ours: true},
);
const largeForgets = tool('rm -rf of 1 GiB', ({scratch}) => [
  ...['rm', '-rf', join(scratch, 'pull-large')],
]);

/** The memory of a pull, whatever the size of a layer.
 * @type {Case} */
export const imageMemory = {
  name: 'image-memory',
  peers: [largeForgets, oursPullsLarge],
  run: async (arena) => {
    const stop = await startEmptyRegistry(arena.scratch);
    try {
      await pushLargeImage(arena.scratch, `${registry}/large`, largeBytes);
      return [
        await holdContest(arena, {
          title: 'a layer of 1 GiB pulled from a registry on loopback',
          peers: [largeForgets, oursPullsLarge],
          sequence: true,
          command: [],
          maxRounds: 3,
          figures: [peak(oursPullsLarge)],
        }),
      ];
    } finally {
      stop();
    }
  },
};

/** From a registry on loopback into an empty store, on the disk of the temporary directory.
 * @type {Case} */
export const imagePull = {
  name: 'image-pull',
  peers: [oursForgets, oursPulls, podmanForgets, podmanPulls],
  run: async (arena) => {
    const stop = await startRegistry(arena.scratch);
    try {
      return [
        await holdContest(arena, {
          title: 'a Debian pulled from a registry on loopback',
          peers: [oursForgets, oursPulls, podmanForgets, podmanPulls],
          sequence: true,
          command: [],
          maxRounds: 5,
          figures: [ratio(oursPulls, podmanPulls, 0.5), peak(oursPulls)],
        }),
      ];
    } finally {
      stop();
    }
  },
};
