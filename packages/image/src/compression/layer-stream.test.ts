import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {digestOf} from '../digest/digester.ts';
import {MEDIA_TYPE} from '../manifest/media-types.ts';
import {type ImageStore, openStore} from '../store/store.ts';
import {layerStream} from './layer-stream.ts';

// What begins an archive: tar(5), ustar.
const archive = Buffer.alloc(300_000);
archive.write('etc/passwd');
archive.write('ustar', 257);
const diffId = digestOf(archive);

let store: ImageStore;
beforeEach(() => {
  store = openStore(mkdtempSync(join(tmpdir(), 'minicontainer-layer-')));
});
afterEach(() => rmSync(store.root, {recursive: true}));

async function lengthOf(source: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const chunk of source) length += chunk.length;
  return length;
}

function zstd(bytes: Uint8Array): Buffer {
  return execFileSync('zstd', ['-q', '-c'], {input: bytes});
}

describe('a layer', () => {
  it.each([
    ['plain', MEDIA_TYPE.ociLayer, archive],
    ['gzip', MEDIA_TYPE.ociLayerGzip, gzipSync(archive)],
    ['zstd', MEDIA_TYPE.ociLayerZstd, zstd(archive)],
    ["gzip of Docker's", MEDIA_TYPE.dockerLayerGzip, gzipSync(archive)],
  ])('that is %s is its archive', async (_, mediaType, bytes) => {
    const layer = await store.writeBlob(bytes, mediaType);
    expect(await lengthOf(layerStream(store, layer, diffId))).toBe(archive.length);
  });

  it.each([
    ['gzip that is zstd', MEDIA_TYPE.ociLayerGzip, zstd(archive), /is zstd, and not .*\+gzip/],
    ['zstd that is gzip', MEDIA_TYPE.ociLayerZstd, gzipSync(archive), /is gzip, and not .*\+zstd/],
    ['plain that is gzip', MEDIA_TYPE.ociLayer, gzipSync(archive), /is gzip, and not/],
    ['gzip that is plain', MEDIA_TYPE.ociLayerGzip, archive, /is not compressed, and not/],
    ['plain that is xz', MEDIA_TYPE.ociLayer, Buffer.from('fd377a585a0000', 'hex'), /is xz/],
    ['plain that is bzip2', MEDIA_TYPE.ociLayer, Buffer.from('BZh91AY'), /is bzip2/],
    [
      'gzip that ends early',
      MEDIA_TYPE.ociLayerGzip,
      gzipSync(archive).subarray(0, -3),
      /layer sha256:.*unexpected end/,
    ],
  ])('is refused: %s', async (_, mediaType, bytes, fault) => {
    const layer = await store.writeBlob(bytes, mediaType);
    await expect(lengthOf(layerStream(store, layer, diffId))).rejects.toMatchObject({
      code: 'ECOMPRESSION',
      message: expect.stringMatching(fault),
    });
    // It is what its digest says: only its maker is to blame.
    expect(store.hasBlob(layer)).toBe(true);
  });

  it('whose name is that of a compression is an archive all the same', async () => {
    const named = Buffer.from(archive);
    named.write('BZh9');
    const layer = await store.writeBlob(named, MEDIA_TYPE.ociLayer);
    expect(await lengthOf(layerStream(store, layer, digestOf(named)))).toBe(named.length);
  });

  it('that unpacks to something else is refused with both digests', async () => {
    const layer = await store.writeBlob(gzipSync(archive), MEDIA_TYPE.ociLayerGzip);
    const other = digestOf(Buffer.from('other'));
    await expect(lengthOf(layerStream(store, layer, other))).rejects.toMatchObject({
      code: 'EDIGEST',
      message: `layer ${layer.digest} unpacks to ${diffId}, its image's configuration says ${other}`,
    });
  });

  it('that was damaged on the disk is refused as that, and gone', async () => {
    const bytes = gzipSync(archive);
    const layer = await store.writeBlob(bytes, MEDIA_TYPE.ociLayerGzip);
    writeFileSync(
      store.blobPath(layer.digest),
      Buffer.concat([bytes.subarray(0, 20), Buffer.alloc(bytes.length - 20)]),
    );
    await expect(lengthOf(layerStream(store, layer, diffId))).rejects.toMatchObject({
      code: 'EDIGEST',
      message: expect.stringContaining('was damaged in the store'),
    });
    expect(existsSync(store.blobPath(layer.digest))).toBe(false);
  });

  it('that was cut on the disk counts as not there', async () => {
    const layer = await store.writeBlob(gzipSync(archive), MEDIA_TYPE.ociLayerGzip);
    truncateSync(store.blobPath(layer.digest), 20);
    expect(store.hasBlob(layer)).toBe(false);
    await expect(lengthOf(layerStream(store, layer, diffId))).rejects.toMatchObject({
      code: 'EDIGEST',
    });
  });

  it('of another media type is none', async () => {
    const layer = await store.writeBlob(archive, 'application/vnd.in-toto+json');
    await expect(lengthOf(layerStream(store, layer, diffId))).rejects.toMatchObject({
      code: 'EMANIFEST',
      message: expect.stringContaining('application/vnd.in-toto+json'),
    });
  });

  it.each([
    ['gzip', MEDIA_TYPE.ociLayerGzip, gzipSync],
    ['zstd', MEDIA_TYPE.ociLayerZstd, zstd],
  ])('that expands without end is let go at the limit: %s', async (_, mediaType, compress) => {
    const bomb = Buffer.alloc(200_000_000);
    const layer = await store.writeBlob(compress(bomb), mediaType);
    const before = process.memoryUsage.rss();
    const stream = layerStream(store, layer, diffId, {limitBytes: 20_000_000});
    await expect(lengthOf(stream)).rejects.toMatchObject({
      code: 'ECOMPRESSION',
      message: expect.stringMatching(/expands to more than the 20000000 bytes/),
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000);
  });
});
