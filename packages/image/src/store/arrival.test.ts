import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {digestOf} from '../digest/digester.ts';
import {Arrival, BlobRestarted} from './arrival.ts';
import type {FetchFrom} from './download.ts';
import {type ImageStore, openStore} from './store.ts';

const bytes = randomBytes(2_500_000);
const blob = {mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length};

let store: ImageStore;
beforeEach(() => {
  store = openStore(mkdtempSync(join(tmpdir(), 'minicontainer-arrival-')));
});
afterEach(() => rmSync(store.root, {recursive: true}));

function arriving(fetch: FetchFrom): Arrival {
  return new Arrival((grow) => store.ingest(blob, fetch, {grow}));
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('a blob that is still coming', () => {
  it('is read before it is whole, and ends only when it is', async () => {
    const source = new PassThrough();
    const arrival = arriving(async () => ({offset: 0, body: source}));
    const reader = store.followBlob(blob, arrival, {reuse: true});
    source.write(bytes.subarray(0, 1_200_000));
    const first = await reader.next();
    expect(first.value?.equals(bytes.subarray(0, 1024 * 1024))).toBe(true);
    expect(store.hasBlob(blob)).toBe(false);
    source.end(bytes.subarray(1_200_000));
    const rest = await collect(reader);
    expect(rest.equals(bytes.subarray(1024 * 1024))).toBe(true);
    expect(store.hasBlob(blob)).toBe(true);
  });

  it('is read from the store when somebody else has fetched it', async () => {
    await store.writeBlob(bytes, blob.mediaType);
    const arrival = arriving(() => Promise.reject(new Error('asked for what is there')));
    expect((await collect(store.followBlob(blob, arrival))).equals(bytes)).toBe(true);
  });

  it('is read from the store by who comes late', async () => {
    const arrival = arriving(async () => ({offset: 0, body: inPieces(bytes)}));
    await arrival.whole;
    expect((await collect(store.followBlob(blob, arrival))).equals(bytes)).toBe(true);
  });

  it('is read from the store by who finds another file in its place', async () => {
    const source = new PassThrough();
    const arrival = arriving(async () => ({offset: 0, body: source}));
    source.end(bytes);
    await arrival.reach(1);
    await arrival.whole;
    // As who waits for the lock of a blob that has just come.
    writeFileSync(arrival.path ?? '', '');
    expect((await collect(store.followBlob(blob, arrival))).equals(bytes)).toBe(true);
  });

  it('ends with what the fetching failed of', async () => {
    const other = Buffer.from(bytes);
    other[2_400_000] = (other[2_400_000] ?? 0) ^ 1;
    const arrival = arriving(async () => ({offset: 0, body: inPieces(other)}));
    await expect(collect(store.followBlob(blob, arrival))).rejects.toMatchObject({code: 'EDIGEST'});
    const cut = arriving(async () => ({
      offset: 0,
      body: inPieces(bytes.subarray(0, 1_500_000)),
    }));
    await expect(collect(store.followBlob(blob, cut))).rejects.toMatchObject({code: 'ENETWORK'});
  });

  it('says so when it begins anew behind the reader’s back', async () => {
    const wrong = randomBytes(1_200_000);
    await expect(
      store.ingest(blob, async () => ({offset: 0, body: inPieces(wrong)})),
    ).rejects.toMatchObject({code: 'ENETWORK'});
    // What an earlier fetch has left shows as wrong only at the end.
    const source = new PassThrough();
    const arrival = arriving(async (offset) => ({
      offset,
      body: offset === 0 ? inPieces(bytes) : source,
    }));
    const reader = store.followBlob(blob, arrival);
    expect((await reader.next()).value?.equals(wrong.subarray(0, 1024 * 1024))).toBe(true);
    source.end(bytes.subarray(1_200_000));
    await arrival.whole.catch(() => undefined);
    await expect(collect(reader)).rejects.toThrow(BlobRestarted);
  });
});

async function* inPieces(all: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < all.length; at += 100_000) yield all.subarray(at, at + 100_000);
}
