import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {crun} from '../../arena/peers/oci.mjs';
import {holdContest} from '../contest.mjs';
import {inStore, registry, startRegistry, tool} from '../images/store.mjs';

/** @typedef {import('./case.mjs').Case} Case */

/** In memory, since disks vary. */
const memory = '/dev/shm';
const ownStore =
  'set -e; MINICONTAINER_ROOT=$1; export MINICONTAINER_ROOT; shift; exec "$@" >/dev/null';

/**
 * @param {string} layout
 * @param {string} tag
 * @returns {Promise<string>} the file of its first layer
 */
async function layerOf(layout, tag) {
  /** @param {string} file */
  const read = async (file) => JSON.parse(await readFile(join(layout, file), 'utf8'));
  /** @param {string} digest */
  const blob = (digest) => join('blobs', digest.replace(':', '/'));
  const {manifests} = await read('index.json');
  const top = manifests.find(
    (/** @type {any} */ one) => one.annotations['org.opencontainers.image.ref.name'] === tag,
  );
  const {layers} = await read(blob(top.digest));
  return join(layout, blob(layers[0].digest));
}

/** @param {string} directory */
const removal = (directory) => tool(`rm -rf ${directory}`, () => ['rm', '-rf', directory]);

/** What removes it comes before each, and is measured apart.
 * @param {string} tag */
const oursUnpacks = (tag) => [
  removal(`${memory}/store-${tag}/snapshots`),
  tool(
    `minicontainer pull oci: ${tag}, fetched`,
    ({layout}) =>
      inStore(`${memory}/store-${tag}`, ownStore, ['pull', '-q', `oci:${layout}:${tag}`]),
    {ours: true},
  ),
];

/**
 * @param {string} tag
 * @param {string} flag
 */
const tarUnpacks = (tag, flag) => [
  removal(`${memory}/tar-${tag}`),
  tool(
    `tar -x ${flag}`,
    async ({layout}) => [
      ...['sh', '-c', 'set -e; mkdir "$2"; exec tar -C "$2" -x "$3" -f "$1"', 'sh'],
      ...[await layerOf(layout, tag), `${memory}/tar-${tag}`, flag],
    ],
    {version: 'tar'},
  ),
];

const umociUnpacks = [
  removal(`${memory}/umoci`),
  tool(
    'umoci unpack',
    ({layout}) => ['umoci', 'unpack', '--image', `${layout}:debian`, `${memory}/umoci`],
    {version: 'umoci'},
  ),
];

const ours = oursUnpacks('debian');
const oursZstd = oursUnpacks('debian-zstd');
const tarGzip = tarUnpacks('debian', '--gzip');
const tarZstd = tarUnpacks('debian-zstd', '--zstd');
const unpacking = [...ours, ...tarGzip, ...umociUnpacks, ...oursZstd, ...tarZstd];

/**
 * @param {import('../../arena/arena.mjs').Peer} one
 * @param {import('../../arena/arena.mjs').Peer} other
 * @param {number} [atMost]
 */
const ratio = (one, other, atMost) => ({
  label: `${one.name} / ${other.name}`,
  of: [one, other],
  compute: (mine = NaN, theirs = NaN) => mine / theirs,
  ...(atMost !== undefined && {atMost}),
});

/**
 * @param {import('../../arena/arena.mjs').Peer[]} one
 * @param {import('../../arena/arena.mjs').Peer[]} other
 * @param {number} atMost
 */
function ratioOfLast(one, other, atMost) {
  const [mine, theirs] = [one.at(-1), other.at(-1)];
  if (mine === undefined || theirs === undefined) throw new RangeError('nobody to compare');
  return ratio(mine, theirs, atMost);
}

/** Making a tree of a Debian's layer, digests checked.
 * @type {Case} */
export const imageUnpack = {
  name: 'image-unpack',
  peers: unpacking,
  run: async (arena) => [
    await holdContest(arena, {
      title: 'a Debian of one layer, unpacked in memory',
      peers: unpacking,
      sequence: true,
      command: [],
      maxRounds: 10,
      figures: [
        ratioOfLast(ours, tarGzip, 1),
        ratioOfLast(ours, umociUnpacks, 0.3),
        ratioOfLast(oursZstd, tarZstd, 1),
      ],
    }),
  ],
};

const oursPulls = tool(
  'minicontainer pull',
  ({scratch}) =>
    inStore(join(scratch, 'pull'), ownStore, ['pull', '-q', `${registry}/fixtures/debian`]),
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
/** @param {string} scratch */
const podmanWords = (scratch) => [
  ...['podman', '--root', podmanRoot(scratch), '--runroot', podmanRunRoot],
  ...['--storage-driver', 'overlay'],
];
const podmanForgets = aside("podman's storage", ({scratch}) => [
  podmanRoot(scratch),
  podmanRunRoot,
]);
const podmanPulls = tool(
  'podman pull',
  ({scratch}) => [
    ...podmanWords(scratch),
    ...['pull', '-q', '--tls-verify=false', `${registry}/fixtures/debian`],
  ],
  {version: 'podman'},
);

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
          figures: [ratio(oursPulls, podmanPulls, 0.5)],
        }),
      ];
    } finally {
      stop();
    }
  },
};

const runs = (/** @type {string} */ name, /** @type {readonly string[]} */ image) =>
  tool(
    name,
    ({scratch}) =>
      inStore(join(scratch, 'run'), ownStore, ['run', '--network', 'none', ...image, '/bin/true']),
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
