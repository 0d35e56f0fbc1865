import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {holdContest} from '../contest.mjs';
import {ratio} from '../images/ratio.mjs';
import {inStore, tool} from '../images/store.mjs';

/** @typedef {import('./case.mjs').Case} Case */

/** In memory, since disks vary. */
const memory = '/dev/shm';
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

/** @param {string} tag */
const oursUnpacks = (tag) =>
  tool(
    `minicontainer pull oci: ${tag}, fetched`,
    ({layout}) => inStore(`${memory}/store-${tag}`, ['pull', '-q', `oci:${layout}:${tag}`]),
    {ours: true},
  );

/**
 * @param {string} tag
 * @param {string} flag
 */
const tarUnpacks = (tag, flag) =>
  tool(
    `tar -x ${flag}`,
    async ({layout}) => [
      ...['sh', '-c', 'set -e; mkdir "$2"; exec tar -C "$2" -x "$3" -f "$1"', 'sh'],
      ...[await layerOf(layout, tag), `${memory}/tar-${tag}`, flag],
    ],
    {version: 'tar'},
  );

const umociUnpacks = tool(
  'umoci unpack',
  ({layout}) => ['umoci', 'unpack', '--image', `${layout}:debian`, `${memory}/umoci`],
  {version: 'umoci'},
);

const ours = oursUnpacks('debian');
const oursZstd = oursUnpacks('debian-zstd');
const tarGzip = tarUnpacks('debian', '--gzip');
const tarZstd = tarUnpacks('debian-zstd', '--zstd');
/** What each made before is removed first, and that is measured apart. */
const unpacking = [
  ...[removal(`${memory}/store-debian/snapshots`), ours],
  ...[removal(`${memory}/tar-debian`), tarGzip],
  ...[removal(`${memory}/umoci`), umociUnpacks],
  ...[removal(`${memory}/store-debian-zstd/snapshots`), oursZstd],
  ...[removal(`${memory}/tar-debian-zstd`), tarZstd],
];

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
        ratio(ours, tarGzip, 1),
        ratio(ours, umociUnpacks, 0.3),
        ratio(oursZstd, tarZstd, 1),
      ],
    }),
  ],
};
