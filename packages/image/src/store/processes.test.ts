import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {build} from 'esbuild';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {hexOf} from '../digest/digest.ts';
import {digestOf} from '../digest/digester.ts';
import {type ImageStore, openStore} from './store.ts';

// What another process does to the store: the word that it is started with says which of these.
const program = `
import {appendFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {digestOf} from '../digest/digester.ts';
import {openStore} from './store.ts';

const [word, root, ...rest] = process.argv.slice(2);
const store = openStore(root);

const actions = {
  // Fetches one blob, a piece each few milliseconds, and writes down from where.
  async fetch(log, size) {
    const bytes = Buffer.alloc(Number(size), 'x');
    const blob = {mediaType: 'x', digest: digestOf(bytes), size: bytes.length};
    await using lease = await store.lease();
    await lease.protect({blobs: [blob.digest]});
    const outcome = await store.ingest(blob, async (offset) => {
      appendFileSync(log, offset + '\\n');
      return {offset, body: (async function* () {
        for (let at = offset; at < bytes.length; at += 50_000) {
          yield bytes.subarray(at, at + 50_000);
          await sleep(5);
        }
      })()};
    });
    await store.readBlob(blob);
    process.stdout.write(outcome);
  },
  // Makes images, reads them, and takes their names away again.
  async images(label, count) {
    for (let number = 0; number < Number(count); number += 1) {
      await using lease = await store.lease();
      const put = (value, type) => store.writeBlob(Buffer.from(value), type, lease);
      const layer = await put('shared', 'application/vnd.oci.image.layer.v1.tar');
      const config = await put(JSON.stringify({os: 'linux', architecture: 'amd64', config: {User: label + number},
        rootfs: {diff_ids: [layer.digest]}}), 'application/vnd.oci.image.config.v1+json');
      const manifest = await put(JSON.stringify({schemaVersion: 2, config, layers: [layer]}),
        'application/vnd.oci.image.manifest.v1+json');
      const name = 'docker.io/library/' + label + ':' + number;
      await store.setName(name, {digest: manifest.digest, manifest});
      await lease[Symbol.asyncDispose]();
      for (const blob of [manifest, config, layer]) await store.readBlob(blob);
      if (rest[2] !== 'keep') await store.removeName(name);
    }
  },
  async sweep(until) {
    const {existsSync} = await import('node:fs');
    let sweeps = 0;
    while (!existsSync(until)) { await store.sweep(); sweeps += 1; await sleep(10); }
    process.stdout.write(String(sweeps));
  },
  async hold() {
    const lease = await store.lease();
    const blob = await store.writeBlob(Buffer.from('held'), 'x', lease);
    process.stdout.write('held');
    await sleep(60_000);
  },
  async lock(mode) {
    const lock = await store.lock(mode);
    process.stdout.write('locked');
    await sleep(60_000);
  },
};
await actions[word](...rest);
`;

const scratch = mkdtempSync(join(tmpdir(), 'minicontainer-processes-'));
// Beside the packages, where koffi is found.
const bundle = join(import.meta.dirname, '..', '..', 'node_modules', `store-${process.pid}.mjs`);
let store: ImageStore;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  await build({
    stdin: {contents: program, resolveDir: import.meta.dirname, loader: 'js'},
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['development'],
    external: ['koffi', '@koromix/*'],
    outfile: bundle,
    logLevel: 'error',
  });
});
afterAll(() => {
  rmSync(bundle);
  rmSync(scratch, {recursive: true});
});
beforeEach(() => {
  store = openStore(mkdtempSync(join(scratch, 'store-')));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

function start(...words: string[]): ChildProcess {
  const [word = '', ...rest] = words;
  const child = spawn(process.execPath, [bundle, word, store.root, ...rest], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  return child;
}

async function ended(child: ChildProcess): Promise<string> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  return stdout;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

function leftIn(...folders: string[]): string[] {
  return folders.flatMap((folder) => readdirSync(join(store.root, folder)));
}

describe('several processes', () => {
  it('fetch one blob once', async () => {
    const log = join(scratch, 'once');
    const outcomes = await Promise.all(
      Array.from({length: 8}, () => ended(start('fetch', log, '1000000'))),
    );
    expect(outcomes.sort()).toEqual(['fetched', ...Array(7).fill('present')]);
    expect(readFileSync(log, 'utf8')).toBe('0\n');
    expect(leftIn('ingest', 'leases')).toEqual([]);
  });

  it('go on where one that was killed has ended', async () => {
    const log = join(scratch, 'killed');
    const size = 8_000_000;
    const part = join(store.root, 'ingest', hexOf(digestOf(Buffer.alloc(size, 'x'))));
    const first = start('fetch', log, `${size}`);
    while (!existsSync(part) || readFileSync(part).length < 500_000) await sleep(5);
    const second = start('fetch', log, `${size}`);
    await sleep(200);
    await kill(first);
    expect(await ended(second)).toBe('fetched');
    const [from, on] = readFileSync(log, 'utf8').trim().split('\n').map(Number);
    expect(from).toBe(0);
    expect(on).toBeGreaterThanOrEqual(500_000);
    expect(leftIn('ingest')).toEqual([]);
    await store.sweep();
    expect(leftIn('leases', 'blobs/sha256')).toEqual([]);
  });

  it('make and use images while others sweep without end', async () => {
    const until = join(store.root, 'stop');
    const sweepers = [start('sweep', until), start('sweep', until)].map(ended);
    await Promise.all(['a', 'b', 'c', 'd'].map((label) => ended(start('images', label, '10'))));
    writeFileSync(until, '');
    for (const sweeps of await Promise.all(sweepers)) expect(Number(sweeps)).toBeGreaterThan(0);
    await store.sweep();
    expect(leftIn('refs', 'ingest', 'leases', 'blobs/sha256')).toEqual([]);
  }, 60_000);

  it('give names, and index.json has all of them', async () => {
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((label) => ended(start('images', label, '5', 'keep'))),
    );
    const index: {manifests: unknown[]} = JSON.parse(
      readFileSync(join(store.root, 'index.json'), 'utf8'),
    );
    expect(index.manifests).toHaveLength(20);
    expect(store.names()).toHaveLength(20);
  }, 60_000);
});

describe('a process that was killed', () => {
  it('protects nothing any more', async () => {
    const child = start('hold');
    await once(child.stdout ?? child, 'data');
    expect((await store.sweep()).blobs).toEqual([]);
    await kill(child);
    expect((await store.sweep()).blobs).toHaveLength(1);
    expect(leftIn('leases', 'blobs/sha256')).toEqual([]);
  });

  it('holds no lock any more', async () => {
    const child = start('lock', 'exclusive');
    await once(child.stdout ?? child, 'data');
    const sweeping = store.sweep();
    await sleep(50);
    await kill(child);
    await sweeping;
  });
});
