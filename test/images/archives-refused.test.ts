import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {minicontainer} from '../e2e/harness/run.ts';
import {type ArchiveFile, blobPath, partsOf, sha256, tarOf} from './harness/image-archive.ts';

// What nobody can load: each is told in a line that names the file, and leaves nothing in the store.

type Make = () => Buffer;

const text = JSON.stringify;
const layout = (change: (files: ArchiveFile[]) => ArchiveFile[]) => () =>
  tarOf(change([...partsOf('busybox').files]));
const index = (data: string | Buffer) =>
  layout((files) => files.map((file) => (file.path === 'index.json' ? {...file, data} : file)));
const docker = (entry: object, ...files: ArchiveFile[]) => {
  return () => tarOf([...files, {path: 'manifest.json', data: text([entry])}]);
};
const config = (diffIds: readonly string[]) =>
  text({os: 'linux', architecture: 'amd64', rootfs: {type: 'layers', diff_ids: diffIds}});
const layer = tarOf([{path: 'a', data: 'b'}]);
const sound = [
  {path: 'c.json', data: config([sha256(layer)])},
  {path: 'l/layer.tar', data: layer},
] as const;
/** It is looked for in the layer below, which is unpacked by then. */
const dangling = tarOf([{path: 'h', hardLink: 'of nothing'}]);
const withLayers = (...Layers: string[]) => ({Config: 'c.json', RepoTags: null, Layers});

const hostile: readonly (readonly [string, Make, RegExp])[] = [
  ['nothing', () => Buffer.alloc(0), /ill\.tar.*empty/],
  ['text', () => Buffer.from('no archive\n'.repeat(100)), /ill\.tar: tar entry/],
  ['an archive of something else', () => layer, /ill\.tar is neither an OCI layout nor/],
  ['half of one', () => halfOf(tarOf(partsOf('busybox').files)), /ill\.tar: .*blobs.* cut off/],
  ['a blob of other bytes', layout(changeBlob), /sha256:[0-9a-f]{64} came with other bytes/],
  ['a blob with an impossible digest', index(indexOf('sha256:../../../../etc/passwd')), /digest/],
  ['a digest of an unknown algorithm', index(indexOf(`md5:${'0'.repeat(32)}`)), /algorithm/],
  ['no manifest', index(indexOf(`sha256:${'0'.repeat(64)}`)), /has no blobs\/sha256\/0000/],
  ['no layer', layout((files) => files.slice(0, -1)), /has no blobs\/sha256/],
  ['an index that is not JSON', index('{"manifests": ['), /index\.json is not JSON/],
  [
    'an index that is a manifest too',
    index(text({manifests: [], layers: []})),
    /manifest and of an/,
  ],
  ['an index without an end', index('['.repeat(200_000)), /nested deeper/],
  ['an index of ten megabytes', index(Buffer.alloc(10 << 20, 0x20)), /10485760 bytes, 8388608 at/],
  ['an index of nothing', index(text({schemaVersion: 2, manifests: []})), /has no image/],
  ['a layout of another version', layout(changeVersion), /is of version 2\.0\.0/],
  ['a list that is none', () => tarOf([{path: 'manifest.json', data: '{}'}]), /not a list/],
  ['no configuration', docker(withLayers()), /has no c\.json/],
  ['no layer that is named', docker(withLayers('l/layer.tar', 'm'), ...sound), /has no m/],
  ['a layer too many', docker(withLayers('l/layer.tar', 'l/layer.tar'), ...sound), /1 diff_ids/],
  [
    'another layer',
    docker(withLayers('m'), sound[0], {path: 'm', data: tarOf([{path: 'a', data: 'c'}])}),
    /layer 1 of .* has other bytes/,
  ],
  [
    'a layer outside',
    docker(withLayers('../../../../etc/passwd'), ...sound),
    /has no .*etc\/passwd/,
  ],
  [
    'a layer behind a link that leads out',
    docker(withLayers('m'), ...sound, {path: 'm', link: '../../../../../../etc/passwd'}),
    /has no m/,
  ],
  [
    'a sound layer below one that cannot be unpacked',
    docker(
      withLayers('l/layer.tar', 'm'),
      {path: 'c.json', data: config([sha256(layer), sha256(dangling)])},
      sound[1],
      {path: 'm', data: dangling},
    ),
    /of nothing.*ENOENT/,
  ],
  [
    'links in a circle',
    docker(withLayers('m'), sound[0], {path: 'm', link: 'n'}, {path: 'n', link: 'm'}),
    /has no m/,
  ],
  [
    'a directory of skopeo’s with another layer',
    () => tarOf([{path: 'version', data: 'x'}, ...skopeoDirectory()]),
    /has other bytes, of sha256:[0-9a-f]{64}, under/,
  ],
  ['a name that is none', docker({...withLayers(), RepoTags: ['A b\x1b[31m']}), /names no image/],
  ['more files than any image has', () => tarOf(many()), /more than 20000 files/],
];

describe('an archive that cannot be loaded', () => {
  for (const [what, make, told] of hostile) {
    test(what, async () => {
      const file = join(roomOf(someone).work, 'ill.tar');
      writeFileSync(file, make());
      const {status, stderr} = await minicontainer(['load', '-qi', file], {timeoutMs: 60_000});
      expect(stderr).toMatch(told);
      expect(status).toBe(125);
      expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
      expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect(kept()).toEqual([]);
    });
  }
});

/** What the store has of images. */
function kept(): string[] {
  return ['blobs/sha256', 'refs', 'ingest', 'tmp', 'leases', 'snapshots'].flatMap((place) =>
    readdirSync(join(roomOf(someone).state, place)).map((name) => `${place}/${name}`),
  );
}

function halfOf(archive: Buffer): Buffer {
  return archive.subarray(0, archive.length >> 1);
}

function changeBlob(files: ArchiveFile[]): ArchiveFile[] {
  const last = files.length - 1;
  return files.map((file, at) => {
    if (at !== last) return file;
    const data = Buffer.from(file.data ?? '');
    data[data.length - 1] = (data.at(-1) ?? 0) ^ 1;
    return {...file, data};
  });
}

function changeVersion(files: ArchiveFile[]): ArchiveFile[] {
  const data = '{"imageLayoutVersion": "2.0.0"}';
  return files.map((file) => (file.path === 'oci-layout' ? {...file, data} : file));
}

function indexOf(digest: string): string {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return text({schemaVersion: 2, manifests: [{mediaType, digest, size: 2}]});
}

function skopeoDirectory(): ArchiveFile[] {
  const {files, manifest} = partsOf('busybox');
  const nameOf = ({path}: ArchiveFile) =>
    path.endsWith(manifest.slice(7)) ? 'manifest.json' : path.replace(/.*\//, '');
  return changeBlob(files.slice(2).map((file) => ({...file, path: nameOf(file)})));
}

function many(): ArchiveFile[] {
  return Array.from({length: 20_001}, (_, number) => ({path: `${number}`, link: 'x'}));
}

test('is judged by the same parts that make a sound one', async () => {
  const file = join(roomOf(someone).work, 'well.tar');
  writeFileSync(file, docker(withLayers('l/layer.tar'), ...sound)());
  const {status, stdout, stderr} = await minicontainer(['load', '-qi', file]);
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
  expect(stdout).toBe(`Loaded image ID: ${sha256(sound[0].data)}\n`);
  expect(kept()).toContain(blobPath(sha256(layer)));
});
