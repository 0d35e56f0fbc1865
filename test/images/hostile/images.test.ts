import {execFileSync} from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {describeEach, type Person, people} from '../../e2e/harness/people.ts';
import {roomOf, roomPrefix} from '../../e2e/harness/room.ts';
import type {RunOptions} from '../../e2e/harness/run.ts';
import {describeTrees} from '../../e2e/harness/trees.ts';
import {storedFiles} from '../harness/commands.ts';
import {ImageServer} from '../harness/image-server.ts';
import {type Measured, measured} from '../harness/measured.ts';

// Images that want out, want more than there is, or are broken (archives/make.py has the table): refused
// with an error that says what, or contained; the host and the store are as before.

interface Case {
  readonly name: string;
  readonly number: number;
  /** What an error says, as a regular expression; null where the image may be pulled. */
  readonly says: string | null;
}

const directory = mkdtempSync(join(tmpdir(), 'minicontainer-hostile-'));
const canary = join(directory, 'canary');
/** Nobody may ask it for anything. */
const asked: string[] = [];
const foreign = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end();
}).listen(0, '127.0.0.1');
await new Promise((resolve) => foreign.once('listening', resolve));
const cases = makeCases();
const most = 300 << 20;
const longestSeconds = 20;
let server: ImageServer;

beforeAll(async () => {
  server = await ImageServer.start(directory);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  foreign.close();
  rmSync(directory, {recursive: true, force: true});
  expect(asked, 'addresses that a manifest names').toEqual([]);
});

/** Root meets all of them, the others a part, unless there is time. */
const isLong = process.env.MINICONTAINER_TEST_LONG === '1';

describeEach('a hostile image', (person) => {
  const turn = people.indexOf(person);
  const own = cases.filter(({number}) => isLong || turn === 0 || number % 8 === turn);

  test.for(own.map((one) => [one.name, one] as const))('%s', async ([, one]) => {
    resetCanary(person);
    const before = hostNow();
    const result = await bring(one, person);
    expect(hostNow()).toEqual(before);
    expect(result.seconds).toBeLessThan(longestSeconds);
    expect(result.peakBytes).toBeLessThan(most);
    expect(result.stderr).not.toMatch(/\n\s+at |Error:|undefined|\[object/);
    // Nothing of an image reaches a terminal as it is.
    expect(controls(result.stdout + result.stderr)).toEqual([]);
    if (one.says !== null || !isKept(person)) isRefused(one, result, person);
    else expect(contained, result.stderr).toContain(result.status);
  });
});

/** A container of it ended well, or could not begin. */
const contained = [0, 125, 126, 127];

function isRefused({says}: Case, result: Measured, person: Person): void {
  expect(result.status, result.stderr).toBe(125);
  expect(result.stderr).toMatch(new RegExp(says ?? '.'));
  // What was loaded was sound until it was to be unpacked.
  if (person.ids === 'shifted' || !isKept(person)) expect(storedFiles(person)).toEqual([]);
}

function isKept(person: Person): boolean {
  return list(join(roomOf(person).state, 'refs')).length > 0;
}

/** Root runs it from a registry, the others from an archive: all that reads and unpacks is the same. */
async function bring(one: Case, person: Person): Promise<Measured> {
  const options: RunOptions = {as: person, timeoutMs: 60_000};
  const run = (image: string) =>
    measured(['run', '-q', '--network', 'none', image, '/bin/true'], options);
  if (person.ids === 'shifted') return await run(`${server.host}/${one.number}:latest`);
  const file = join(roomOf(person).work, 'image.tar');
  copyFileSync(join(directory, String(one.number), 'image.tar'), file);
  const loaded = await measured(['load', '-q', '-i', file], options);
  // Its name, or its id.
  const [image = ''] = loaded.stdout.trim().split(' ').slice(-1);
  return loaded.status === 0 ? await run(image) : loaded;
}

function makeCases(): readonly Case[] {
  const address = foreign.address();
  if (address === null || typeof address === 'string') throw new Error('nobody listens');
  chmodSync(directory, 0o755);
  const script = join(import.meta.dirname, 'archives/make.py');
  const url = `http://127.0.0.1:${address.port}/foreign`;
  execFileSync('python3', ['-B', script, directory, canary, url], {stdio: 'inherit'});
  return JSON.parse(readFileSync(join(directory, 'cases.json'), 'utf8'));
}

/** Files that whoever gets out could change: theirs, and writable by everybody. */
function resetCanary({uid, gid}: Person): void {
  rmSync(canary, {recursive: true, force: true});
  mkdirSync(join(canary, 'inner'), {recursive: true});
  for (const file of ['file', 'inner/file']) writeFileSync(join(canary, file), 'of the host\n');
  for (const path of ['', 'inner', 'file', 'inner/file']) {
    chmodSync(join(canary, path), 0o777);
    chownSync(join(canary, path), uid, gid);
  }
}

function hostNow(): unknown {
  return [
    describeTrees([canary, '/etc/passwd', '/etc/shadow', '/etc/hosts', '/etc/ld.so.preload']),
    // Tests beside this one have rooms there.
    ...['/', '/etc'].map((path) => list(path).filter((name) => !name.startsWith(roomPrefix))),
  ];
}

function controls(text: string): string[] {
  return [...text].filter((one) => (one < ' ' && !'\n\t'.includes(one)) || one === '\x7f');
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
