import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {hexOf} from '../digest/digest.ts';
import {digestOf} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import {MEDIA_TYPE} from '../manifest/media-types.ts';
import {type ImageStore, openStore} from './store.ts';

let store: ImageStore;
beforeEach(() => {
  store = openStore(mkdtempSync(join(tmpdir(), 'minicontainer-store-')));
});
afterEach(() => rmSync(store.root, {recursive: true}));

/** Everything in the store that is more than its empty layout. */
function contents(): string[] {
  const paths: string[] = readdirSync(store.root, {recursive: true, encoding: 'utf8'});
  const layout =
    /^(?:oci-layout|index\.json|lock|gate\.lock|refs\.lock|blobs|blobs\/sha\d+|refs|ingest|leases|tmp|snapshots|containers)$/;
  return paths.filter((path) => !layout.test(path)).sort();
}

/** An image of some layers, none of which is compressed. */
async function makeImage(label: string, layers: readonly string[] = ['base']) {
  const blobs: Descriptor[] = [];
  for (const layer of layers) {
    blobs.push(await store.writeBlob(Buffer.from(layer), MEDIA_TYPE.ociLayer));
  }
  const config = await store.writeBlob(
    Buffer.from(
      JSON.stringify({
        os: 'linux',
        architecture: 'amd64',
        config: {Labels: {label}},
        rootfs: {type: 'layers', diff_ids: blobs.map(({digest}) => digest)},
      }),
    ),
    MEDIA_TYPE.ociConfig,
  );
  const manifest = await store.writeBlob(
    Buffer.from(JSON.stringify({schemaVersion: 2, config, layers: blobs})),
    MEDIA_TYPE.ociManifest,
  );
  return {digest: manifest.digest, manifest};
}

function namesInIndex(): (string | undefined)[] {
  const index: {manifests: {annotations?: Record<string, string>}[]} = JSON.parse(
    readFileSync(join(store.root, 'index.json'), 'utf8'),
  );
  return index.manifests.map(({annotations}) => annotations?.['org.opencontainers.image.ref.name']);
}

describe('a store', () => {
  it('is an OCI layout from the beginning, for its owner alone', () => {
    expect(statSync(store.root).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(store.root, 'oci-layout'), 'utf8'))).toEqual({
      imageLayoutVersion: '1.0.0',
    });
    expect(namesInIndex()).toEqual([]);
    expect(contents()).toEqual([]);
  });

  it('that others may write is refused', () => {
    chmodSync(store.root, 0o770);
    expect(() => openStore(store.root)).toThrow(
      expect.objectContaining({code: 'ESTORE', hint: `chmod go-w ${store.root}`}),
    );
  });

  it('cannot be made below a file', () => {
    writeFileSync(join(store.root, 'file'), '');
    expect(() => openStore(join(store.root, 'file', 'store'))).toThrow(
      expect.objectContaining({code: 'ESTORE'}),
    );
  });
});

describe('a blob', () => {
  it('is there under its digest once it is written, and is read verified', async () => {
    const blob = await store.writeBlob(Buffer.from('hello'), 'text/plain');
    expect(blob).toEqual({
      mediaType: 'text/plain',
      digest: digestOf(Buffer.from('hello')),
      size: 5,
    });
    expect(contents()).toEqual([`blobs/sha256/${hexOf(blob.digest)}`]);
    expect(String(await store.readBlob(blob))).toBe('hello');
  });

  it('of sha512 is kept beside', async () => {
    const bytes = Buffer.from('hello');
    const blob = {mediaType: 'x', digest: digestOf(bytes, 'sha512'), size: 5};
    expect(await store.ingest(blob, from(bytes))).toBe('fetched');
    expect(contents()).toEqual([`blobs/sha512/${hexOf(blob.digest)}`]);
    expect(String(await store.readBlob(blob))).toBe('hello');
  });

  it('of no bytes is one, too', async () => {
    const blob = await store.writeBlob(Buffer.alloc(0), 'x');
    expect(store.hasBlob(blob)).toBe(true);
    expect(await store.readBlob(blob)).toHaveLength(0);
  });

  it('that was damaged is refused, and gone', async () => {
    const blob = await store.writeBlob(Buffer.from('hello'), 'x');
    writeFileSync(store.blobPath(blob.digest), 'jello');
    await expect(store.readBlob(blob)).rejects.toMatchObject({code: 'EDIGEST'});
    expect(store.hasBlob(blob)).toBe(false);
  });

  it('whose size another descriptor gets wrong stays', async () => {
    const blob = await store.writeBlob(Buffer.from('hello'), 'x');
    const lie = {...blob, size: 4};
    expect(store.hasBlob(lie)).toBe(false);
    await expect(store.readBlob(lie)).rejects.toMatchObject({code: 'EDIGEST'});
    await expect(store.ingest(lie, from(Buffer.from('hello')))).rejects.toMatchObject({
      code: 'EDIGEST',
    });
    expect(String(await store.readBlob(blob))).toBe('hello');
  });

  it('that is a link or a directory is none', async () => {
    const blob = {mediaType: 'x', digest: digestOf(Buffer.from('hello')), size: 4096};
    mkdirSync(store.blobPath(blob.digest));
    expect(store.hasBlob(blob)).toBe(false);
  });

  it('is never looked for by what is no digest', () => {
    expect(() => store.blobPath('sha256:../../oci-layout')).toThrow(
      expect.objectContaining({code: 'EDIGEST'}),
    );
  });
});

describe('a fetch', () => {
  const bytes = Buffer.from('0123456789'.repeat(1000));
  const blob = {mediaType: 'x', digest: digestOf(bytes), size: bytes.length};

  it('that was cut goes on where it ended', async () => {
    const cut = async () => ({
      offset: 0,
      body: (async function* () {
        yield bytes.subarray(0, 4000);
        throw Object.assign(new Error('read ECONNRESET'), {code: 'ECONNRESET', syscall: 'read'});
      })(),
    });
    await expect(store.ingest(blob, cut)).rejects.toMatchObject({code: 'ECONNRESET'});
    const offsets: number[] = [];
    expect(await store.ingest(blob, from(bytes, offsets))).toBe('fetched');
    expect(offsets).toEqual([4000]);
    expect((await store.readBlob(blob)).equals(bytes)).toBe(true);
    expect(contents()).toEqual([`blobs/sha256/${hexOf(blob.digest)}`]);
  });

  it('begins anew where the source cannot go on', async () => {
    writeFileSync(join(store.root, 'ingest', hexOf(blob.digest)), bytes.subarray(0, 4000));
    await store.ingest(blob, async () => ({offset: 0, body: only(bytes)}));
    expect((await store.readBlob(blob)).equals(bytes)).toBe(true);
  });

  it.each([
    ['of other bytes', Buffer.alloc(4000, 'x')],
    ['longer than all', Buffer.alloc(20_000, 'x')],
    ['that is whole', bytes],
    ['as long as all and wrong', Buffer.alloc(bytes.length, 'x')],
  ])('makes the best of a part %s', async (_, part) => {
    writeFileSync(join(store.root, 'ingest', hexOf(blob.digest)), part);
    expect(await store.ingest(blob, from(bytes))).toBe('fetched');
    expect((await store.readBlob(blob)).equals(bytes)).toBe(true);
  });

  it.each([
    [
      'other bytes',
      Buffer.alloc(bytes.length, 'x'),
      'EDIGEST',
      /came with other bytes, of sha256:/,
    ],
    ['too many bytes', Buffer.concat([bytes, bytes]), 'EDIGEST', /is longer than the 10000 bytes/],
  ])('of %s leaves nothing', async (_, body, code, message) => {
    const fetch = async () => ({offset: 0, body: only(body)});
    await expect(store.ingest(blob, fetch)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(contents()).toEqual([]);
  });

  it('that ends early says so, and keeps what it has', async () => {
    const fetch = async () => ({offset: 0, body: only(bytes.subarray(0, 10))});
    await expect(store.ingest(blob, fetch)).rejects.toMatchObject({
      code: 'ENETWORK',
      message: `blob ${blob.digest} ended after 10 of 10000 bytes`,
    });
    expect(contents()).toEqual([`ingest/${hexOf(blob.digest)}`]);
  });

  it('of more than the disk has is not begun', async () => {
    let isAsked = false;
    const fetch = async () => {
      isAsked = true;
      return {offset: 0, body: only(bytes)};
    };
    await expect(store.ingest({...blob, size: 2 ** 52}, fetch)).rejects.toMatchObject({
      code: 'ESTORE',
    });
    expect(isAsked).toBe(false);
    expect(contents()).toEqual([]);
  });

  it('can be called off', async () => {
    const stop = new AbortController();
    const slow = async () => ({
      offset: 0,
      body: (async function* () {
        for (let at = 0; ; at += 10) {
          yield bytes.subarray(at, at + 10);
          stop.abort();
        }
      })(),
    });
    await expect(store.ingest(blob, slow, {signal: stop.signal})).rejects.toThrow(/aborted/);
    expect(contents()).toEqual([`ingest/${hexOf(blob.digest)}`]);
  });

  it('tells how far it is', async () => {
    const events: string[] = [];
    await store.ingest(blob, from(bytes), {
      progress: ({id, phase, currentBytes, totalBytes}) => {
        events.push(`${id} ${phase} ${currentBytes}/${totalBytes}`);
      },
    });
    const id = hexOf(blob.digest).slice(0, 12);
    expect(events).toEqual([`${id} waiting 0/10000`, `${id} downloading 10000/10000`]);
  });
});

describe('a name', () => {
  it('stands for an image, in index.json, too', async () => {
    const image = await makeImage('one', ['base', 'top']);
    const stored = await store.setName('docker.io/library/x:1', image);
    expect(stored).toMatchObject({
      name: 'docker.io/library/x:1',
      settings: {Labels: {label: 'one'}},
      platform: {os: 'linux', architecture: 'amd64'},
    });
    expect(store.get('docker.io/library/x:1')).toEqual(stored);
    expect(store.names()).toEqual([stored]);
    expect(namesInIndex()).toEqual(['docker.io/library/x:1']);
  });

  it('may be longer than the name of a file', async () => {
    const image = await makeImage('one');
    const long = `host.example/${'a'.repeat(250)}:${'t'.repeat(120)}`;
    await store.setName(long, image);
    await store.setName(`${long}2`, image);
    expect(store.get(long)?.name).toBe(long);
    expect(store.names().map(({name}) => name)).toEqual([long, `${long}2`]);
    await store.removeName(long);
    expect(store.names().map(({name}) => name)).toEqual([`${long}2`]);
  });

  it('that gets another image leaves the first without one, until it gets one again', async () => {
    const [one, two] = [await makeImage('one'), await makeImage('two')];
    await store.setName('docker.io/library/x:1', one);
    await store.setName('docker.io/library/x:1', two);
    expect(store.names().map(({name, digest}) => [name, digest])).toEqual([
      ['docker.io/library/x:1', two.digest],
      [undefined, one.digest],
    ]);
    expect(namesInIndex()).toEqual(['docker.io/library/x:1', undefined]);
    await store.setName('docker.io/library/x:2', one);
    expect(store.names().map(({name}) => name)).toEqual([
      'docker.io/library/x:1',
      'docker.io/library/x:2',
    ]);
    await store.setName('docker.io/library/x:2', two);
    await store.setName(undefined, two);
    expect(store.names()).toHaveLength(3);
  });

  it('is not given to what is not there whole', async () => {
    const image = await makeImage('one');
    rmSync(store.blobPath(image.digest));
    await expect(store.setName('docker.io/library/x:1', image)).rejects.toMatchObject({
      code: 'ESTORE',
    });
    expect(store.names()).toEqual([]);
  });

  it('that a loss of power cut short is none, and goes with the next sweep', async () => {
    await store.setName('docker.io/library/x:1', await makeImage('one'));
    const [file = ''] = readdirSync(join(store.root, 'refs'));
    truncateSync(join(store.root, 'refs', file), 30);
    expect(store.names()).toEqual([]);
    expect(store.get('docker.io/library/x:1')).toBeUndefined();
    await store.sweep();
    expect(contents()).toEqual([]);
  });

  it('changed by who was killed before index.json was is there after the next lock', async () => {
    await store.setName('docker.io/library/x:1', await makeImage('one'));
    const [file = ''] = readdirSync(join(store.root, 'refs'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    rmSync(join(store.root, 'refs', file));
    expect(namesInIndex()).toHaveLength(1);
    (await store.lock('shared'))[Symbol.dispose]();
    expect(namesInIndex()).toEqual([]);
  });
});

describe('to find an image', () => {
  it('its name will do, and its digest, and the beginning of its id', async () => {
    const {digest, manifest} = await makeImage('one');
    const index = digestOf(Buffer.from('an index'));
    const {id} = await store.setName('docker.io/library/x:1', {digest: index, manifest});
    const hex = hexOf(id);
    for (const text of [
      'x:1',
      'docker.io/x:1',
      `x@${digest}`,
      `x@${index}`,
      `x:1@${index}`,
      hex,
      id,
      hex.slice(0, 12),
      `sha256:${hex.slice(0, 12)}`,
    ]) {
      expect(store.find(text).id).toBe(id);
    }
  });

  it.each(['x', 'x:2', 'y:1', 'someone/x:1', 'ffffffffffffffff', `x@sha256:${'0'.repeat(64)}`])(
    '%s does not name it',
    async (text) => {
      await store.setName('docker.io/library/x:1', await makeImage('one'));
      expect(store.tryFind(text)).toBeUndefined();
      expect(() => store.find(text)).toThrow(
        expect.objectContaining({code: 'EIMAGE', message: `there is no image ${text} here`}),
      );
    },
  );

  it('a name wins over an id, and one beginning must not be that of two', async () => {
    const ids = new Map<string, string>();
    for (let number = 0; ; number += 1) {
      const {id} = await store.setName(
        `docker.io/library/x:${number}`,
        await makeImage(`${number}`),
      );
      const first = hexOf(id).slice(0, 1);
      const other = ids.get(first);
      ids.set(first, id);
      if (other === undefined) continue;
      expect(() => store.find(first)).toThrow(
        expect.objectContaining({
          code: 'EIMAGE',
          message: `2 images have an id that begins with ${first}`,
          hint: expect.stringContaining(hexOf(id).slice(0, 12)),
        }),
      );
      const {id: named} = await store.setName(
        `docker.io/library/${first}:latest`,
        await makeImage('n'),
      );
      expect(store.find(first).id).toBe(named);
      return;
    }
  });
});

describe('a sweep', () => {
  it('leaves what names reach, and nothing else', async () => {
    const image = await makeImage('one', ['base', 'top']);
    const {chains} = await store.setName('docker.io/library/x:1', image);
    await makeImage('unnamed', ['base', 'other']);
    await store.writeBlob(Buffer.from('stray'), 'x');
    writeFileSync(join(store.root, 'blobs/sha256/not-a-digest'), 'x');
    writeFileSync(join(store.root, 'ingest', '0'.repeat(64)), 'part');
    for (const name of [...chains, `${chains[1]}-ids`, 'f'.repeat(64)]) {
      mkdirSync(join(store.root, 'snapshots', name, 'fs'), {recursive: true});
    }
    mkdirSync(join(store.root, 'tmp', 'f'.repeat(64), 'fs'), {recursive: true});
    writeFileSync(join(store.root, 'refs', 'x.json.1.new'), '');
    const {blobs, snapshots, reclaimedBytes} = await store.sweep();
    // Its own layer, configuration and manifest, and the stray one.
    expect(blobs).toHaveLength(4);
    expect(snapshots).toEqual(['f'.repeat(64)]);
    expect(reclaimedBytes).toBeGreaterThan(0);
    const left = contents();
    expect(left.filter((path) => path.startsWith('blobs/'))).toHaveLength(4);
    expect(left.filter((path) => /^snapshots\/[^/]*$/.test(path))).toHaveLength(3);
    expect(left.filter((path) => /^(?:ingest|tmp|leases)\//.test(path))).toEqual([]);
    expect((await store.sweep()).reclaimedBytes).toBe(0);
    await store.removeName('docker.io/library/x:1');
    await store.sweep();
    expect(contents()).toEqual([]);
  });

  it('says how many bytes of the disk it reclaimed', async () => {
    const before = (await usage()).bytes;
    await store.writeBlob(Buffer.alloc(100_000), 'x');
    mkdirSync(join(store.root, 'snapshots', 'f'.repeat(64), 'fs'), {recursive: true});
    // A name from an image need not be text, and a file may have several.
    const files = join(store.root, 'snapshots', 'f'.repeat(64), 'fs');
    const name = Buffer.concat([Buffer.from(`${files}/`), Buffer.of(0xff, 0xfe)]);
    writeFileSync(name, Buffer.alloc(50_000));
    linkSync(name, join(files, 'again'));
    const there = (await usage()).bytes;
    const {reclaimedBytes} = await store.sweep();
    const {bytes: after} = await usage();
    // The lock that it made has no bytes; directories may have grown.
    expect(there - after).toBe(reclaimedBytes);
    expect(after - before).toBeLessThanOrEqual(8192);
  });

  it('leaves what a lease protects until that is let go', async () => {
    const lease = await store.lease();
    const blob = await store.writeBlob(Buffer.from('hello'), 'x', lease);
    const partial = digestOf(Buffer.from('partial'));
    await lease.protect({blobs: [partial], snapshots: ['a'.repeat(64)]});
    writeFileSync(join(store.root, 'ingest', hexOf(partial)), 'part');
    mkdirSync(join(store.root, 'snapshots', 'a'.repeat(64)));
    expect(await store.sweep()).toMatchObject({blobs: [], snapshots: [], reclaimedBytes: 0});
    expect(store.hasBlob(blob)).toBe(true);
    await lease[Symbol.asyncDispose]();
    expect(await store.sweep()).toMatchObject({blobs: [blob.digest], snapshots: ['a'.repeat(64)]});
    expect(contents()).toEqual([]);
  });

  it('leaves what a container uses', async () => {
    const image = await makeImage('one');
    mkdirSync(join(store.root, 'containers', 'c1'), {recursive: true});
    mkdirSync(join(store.root, 'snapshots', 'used'));
    writeFileSync(
      join(store.root, 'containers/c1/image.json'),
      JSON.stringify({name: 'x', manifest: image.digest, snapshots: ['used']}),
    );
    for (const damage of ['', 'null', '[]', '{"snapshots":3}', '{"manifest":"../x"}']) {
      mkdirSync(join(store.root, 'containers', `c${damage.length + 2}`), {recursive: true});
      writeFileSync(join(store.root, 'containers', `c${damage.length + 2}`, 'image.json'), damage);
    }
    const {snapshots} = await store.sweep();
    expect(snapshots).toEqual([]);
    expect(store.hasBlob(image.manifest)).toBe(true);
    expect(store.containers()).toContainEqual({
      container: 'c1',
      name: 'x',
      manifest: image.digest,
      snapshots: ['used'],
    });
  });

  it('forgets the names that are chosen, and none when the choice is refused', async () => {
    await store.setName('docker.io/library/x:1', await makeImage('one'));
    await store.setName('docker.io/library/x:2', await makeImage('two'));
    const refusal = new RangeError('in use');
    await expect(
      store.sweep({
        forget: () => {
          throw refusal;
        },
      }),
    ).rejects.toBe(refusal);
    expect(store.names()).toHaveLength(2);
    const {images} = await store.sweep({
      forget: (there) => there.filter(({name}) => name?.endsWith('1')),
    });
    expect(images.map(({name}) => name)).toEqual(['docker.io/library/x:1']);
    expect(namesInIndex()).toEqual(['docker.io/library/x:2']);
  });

  it('waits for who makes something used, and not for who fetches', async () => {
    const shared = await store.lock('shared');
    const sweeping = store.sweep();
    let isOver = false;
    const over = sweeping.then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isOver).toBe(false);
    shared[Symbol.dispose]();
    await over;

    const bytes = Buffer.from('slowly');
    const blob = {mediaType: 'x', digest: digestOf(bytes), size: bytes.length};
    let finish = () => {};
    const lease = await store.lease();
    await lease.protect({blobs: [blob.digest]});
    const fetching = store.ingest(blob, async () => ({
      offset: 0,
      body: (async function* () {
        yield bytes.subarray(0, 3);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        yield bytes.subarray(3);
      })(),
    }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.sweep();
    finish();
    expect(await fetching).toBe('fetched');
    await store.sweep();
    expect(String(await store.readBlob(blob))).toBe('slowly');
    await lease[Symbol.asyncDispose]();
  });

  it('follows no link out of the store', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'minicontainer-outside-'));
    writeFileSync(join(outside, 'file'), 'x');
    mkdirSync(join(store.root, 'snapshots', 'one'));
    symlinkSync(outside, join(store.root, 'snapshots', 'one', 'link'));
    symlinkSync(outside, join(store.root, 'blobs/sha256', 'link'));
    await store.sweep();
    expect(readdirSync(outside)).toEqual(['file']);
    expect(contents()).toEqual([]);
    rmSync(outside, {recursive: true});
  });
});

async function usage(): Promise<{bytes: number}> {
  let bytes = 0;
  for (const part of (await store.usage()).values()) bytes += part.bytes;
  return {bytes};
}

function from(bytes: Buffer, offsets: number[] = []) {
  return async (offset: number) => {
    offsets.push(offset);
    return {offset, body: only(bytes.subarray(offset))};
  };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
