import {closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {hexOf, type ImageStore, MEDIA_TYPE, openStore} from '@minicontainer/image';
import {flock} from '@minicontainer/syscalls';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {diskUsage} from './disk-usage.ts';
import {historyOf} from './history.ts';
import {inspectImage} from './inspect.ts';
import {listImages} from './list.ts';
import {pruneImages} from './prune.ts';
import {removeImages} from './remove.ts';
import {tagImage} from './tag.ts';

let store: ImageStore;
let root: string;
let locks: number[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'minicontainer-images-'));
  store = openStore(root);
  locks = [];
});
afterEach(() => {
  for (const lock of locks) closeSync(lock);
  rmSync(root, {recursive: true});
});

/** An image with one layer, by some names. */
async function add(label: string, ...names: string[]) {
  const layer = await store.writeBlob(Buffer.from(label), MEDIA_TYPE.ociLayer);
  const document = {
    ...{os: 'linux', architecture: 'amd64', created: '2024-01-01T00:00:00Z'},
    config: {Env: ['A=b'], Healthcheck: {Test: ['NONE']}},
    history: [{created_by: 'ADD file'}, {created_by: 'ENV A=b', empty_layer: true}],
    rootfs: {type: 'layers', diff_ids: [layer.digest]},
  };
  const config = await store.writeBlob(Buffer.from(JSON.stringify(document)), MEDIA_TYPE.ociConfig);
  const manifest = await store.writeBlob(
    Buffer.from(JSON.stringify({schemaVersion: 2, config, layers: [layer]})),
    MEDIA_TYPE.ociManifest,
  );
  for (const name of names) {
    await store.setName(`docker.io/library/${name}`, {digest: manifest.digest, manifest});
  }
  return {id: config.digest, hex: hexOf(config.digest), manifest, layer};
}

/** A container of an image, whose lock somebody holds. */
function run(container: string, manifest: string): void {
  const directory = join(root, 'containers', container);
  mkdirSync(directory, {recursive: true});
  writeFileSync(join(directory, 'image.json'), JSON.stringify({manifest, snapshots: []}));
  const lock = openSync(join(directory, 'lock'), 'w');
  flock(lock, 'exclusive');
  locks.push(lock);
}

const names = () => listImages(root).map(({repository, tag}) => `${repository}:${tag}`);

describe('images', () => {
  it('are listed by name, with who uses them', async () => {
    const {manifest} = await add('one', 'b:1', 'a:1');
    await add('two', 'b:1');
    run('c1', manifest.digest);
    expect(
      listImages(root).map(({repository, tag, containers}) => [repository, tag, containers]),
    ).toEqual([
      ['a', '1', ['c1']],
      ['b', '1', []],
    ]);
  });

  it('get other names, and keep those that they have', async () => {
    const {hex} = await add('one', 'a:1');
    await tagImage(hex.slice(0, 8), 'localhost:5000/x', root);
    await tagImage('a:1', 'b:2', root);
    expect(names()).toEqual(['a:1', 'b:2', 'localhost:5000/x:latest']);
    await expect(tagImage('none', 'b:2', root)).rejects.toMatchObject({code: 'EIMAGE'});
    await expect(tagImage('a:1', `b@sha256:${hex}`, root)).rejects.toMatchObject({
      code: 'EREFERENCE',
    });
  });

  it('tell all that is known of them, and how they were made', async () => {
    const {id, layer} = await add('one', 'a:1', 'b:1');
    expect(await inspectImage('a:1', root)).toMatchObject({
      Id: id,
      RepoTags: ['a:1', 'b:1'],
      Config: {Env: ['A=b'], Healthcheck: {Test: ['NONE']}},
      Size: 3,
      RootFS: {Type: 'layers', Layers: [layer.digest]},
    });
    expect(await historyOf('b:1', root)).toEqual([
      {id, createdBy: 'ENV A=b', comment: ''},
      {createdBy: 'ADD file', comment: '', layer: {...layer, unpackedBytes: 3}},
    ]);
  });
});

describe('an image is removed', () => {
  it('by its names one after the other, and is gone with the last', async () => {
    const {id, manifest} = await add('one', 'a:1', 'b:1');
    expect(await removeImages(['a:1'], {root})).toMatchObject({untagged: ['a:1'], deleted: []});
    expect(store.hasBlob(manifest)).toBe(true);
    expect(await removeImages(['b:1'], {root})).toMatchObject({untagged: ['b:1'], deleted: [id]});
    expect(store.hasBlob(manifest)).toBe(false);
  });

  it('by its id with its one name, and with several only by force', async () => {
    const {hex, id} = await add('one', 'a:1');
    expect(await removeImages([hex.slice(0, 6)], {root})).toMatchObject({deleted: [id]});
    await add('one', 'a:1', 'b:1');
    await expect(removeImages([hex], {root})).rejects.toMatchObject({
      code: 'EIMAGE',
      message: `image ${hex} has 2 names: a:1, b:1`,
    });
    expect(await removeImages([hex], {root, force: true})).toMatchObject({deleted: [id]});
    expect(names()).toEqual([]);
  });

  it('not while a container uses it, but for a name that is not its last', async () => {
    const {manifest} = await add('one', 'a:1', 'b:1');
    run('c1', manifest.digest);
    await removeImages(['a:1'], {root});
    for (const force of [false, true]) {
      await expect(removeImages(['b:1'], {root, force})).rejects.toMatchObject({
        code: 'EIMAGE',
        message: 'image b:1 is in use by container c1',
      });
    }
    expect(names()).toEqual(['b:1']);
  });

  it('with all others that are named, or none of them is', async () => {
    await add('one', 'a:1');
    await add('two', 'b:1');
    await expect(removeImages(['a:1', 'none'], {root})).rejects.toMatchObject({code: 'EIMAGE'});
    expect(names()).toEqual(['a:1', 'b:1']);
    const {deleted} = await removeImages(['a:1', 'b:1', 'a:1'], {root});
    expect(deleted).toHaveLength(2);
  });
});

describe('prune', () => {
  it('removes what lost its name, and with all what no container uses', async () => {
    const used = await add('used', 'used:1');
    const lost = await add('lost', 'a:1');
    const kept = await add('kept', 'a:1');
    run('c1', used.manifest.digest);
    expect(await pruneImages({root})).toMatchObject({untagged: [], deleted: [lost.id]});
    expect(await pruneImages({root, all: true, filter: () => false})).toMatchObject({deleted: []});
    expect(await pruneImages({root, all: true})).toMatchObject({deleted: [kept.id]});
    expect(names()).toEqual(['used:1']);
  });

  it('frees what df says that it would', async () => {
    await add('one', 'a:1');
    writeFileSync(join(root, 'ingest', 'part'), Buffer.alloc(10_000));
    const before = await diskUsage(root);
    const promised = before.lines.reduce((sum, line) => sum + line.reclaimableBytes, 0);
    const {reclaimedBytes} = await pruneImages({root, all: true});
    expect(reclaimedBytes).toBe(promised);
    const after = await diskUsage(root);
    expect(after.lines.map(({kind, count}) => [kind, count])).toEqual([
      ['images', 0],
      ['containers', 0],
      ['unfinished', 0],
      ['other', 0],
    ]);
  });
});
