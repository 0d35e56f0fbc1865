import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {familyOf, survivors} from '../e2e/harness/family.ts';
import {describeEach, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {start} from '../e2e/harness/run.ts';
import {fixture, storedFiles, succeed} from './harness/commands.ts';
import {describeTree} from './harness/trees.ts';

// SIGKILL at any moment of what changes a store: the next command works, a second try completes, what is
// there is whole, and prune brings it to nothing.

const phases = ['fetching', 'unpacking', 'naming', 'removing by rmi', 'removing by prune'] as const;
type Phase = (typeof phases)[number];

/** For each person; all of them together are killed a hundred times. */
const kills = {shifted: 40, subordinate: 36, single: 24};
const images = ['everything', 'sparse', 'link-to-lower'];

describeEach('killed while it changes the store', (person) => {
  test('leaves what the next command works with', {timeout: 300_000}, async () => {
    const counted = new Map<Phase, number>(phases.map((phase) => [phase, 0]));
    const whole = await wholeStore(person);
    for (let killed = 0; killed < kills[person.ids]; ) {
      const phase = await killOnce(person, killed);
      if (phase === undefined) continue;
      counted.set(phase, (counted.get(phase) ?? 0) + 1);
      killed++;
      isWhole(person, await snapshotsNow(person), whole, phase);
    }
    const told = [...counted].map(([phase, times]) => `${phase} ${times}`).join(', ');
    process.stdout.write(`   killed as ${person.name}: ${told}\n`);
    for (const [phase, times] of counted) expect(times, phase).toBeGreaterThan(0);
    await pullAll(person);
    expect(await snapshotsNow(person)).toEqual(whole);
    await removeAll(person);
    expect(storedFiles(person)).toEqual([]);
  });
});

/** What each snapshot is when nobody was killed; the store is empty again after that. */
async function wholeStore(person: Person): Promise<Record<string, string>> {
  await pullAll(person);
  const whole = await snapshotsNow(person);
  expect(Object.keys(whole).length).toBeGreaterThan(5);
  await removeAll(person);
  expect(storedFiles(person)).toEqual([]);
  return whole;
}

/** Kills one command in the midst of its work; undefined where it was faster. */
async function killOnce(person: Person, round: number): Promise<Phase | undefined> {
  const image = fixture(images[round % images.length] ?? '');
  const kind = round % 5;
  if (kind < 3) {
    const want: Phase = (['fetching', 'unpacking', 'naming'] as const)[kind] ?? 'fetching';
    await removeAll(person);
    const phase = await killWhen(person, ['pull', '-q', image], () => pullPhase(person) === want);
    await succeed(['pull', '-q', image], person);
    return phase ? want : undefined;
  }
  await succeed(['pull', '-q', image], person);
  const before = storedFiles(person).length;
  const words = kind === 3 ? ['rmi', '-f', image] : ['prune', '-f'];
  if (kind === 4) await succeed(['rmi', '-f', '--no-prune', image], person);
  const phase = await killWhen(person, words, () => storedFiles(person).length < before - 1);
  return phase ? (kind === 3 ? 'removing by rmi' : 'removing by prune') : undefined;
}

function pullPhase(person: Person): Phase | undefined {
  const at = new Set(storedFiles(person).map((path) => path.split('/')[0]));
  if (at.has('refs')) return undefined;
  if (at.has('tmp')) return 'unpacking';
  if (at.has('ingest')) return 'fetching';
  return at.has('snapshots') ? 'naming' : undefined;
}

/** Kills a command as soon as a condition holds, and a moment of any length later. */
async function killWhen(
  person: Person,
  words: readonly string[],
  holds: () => boolean,
): Promise<boolean> {
  const started = start(words, {as: person, timeoutMs: 60_000});
  let ended = false;
  void started.result.then(() => {
    ended = true;
  });
  while (!ended && !holds()) await sleep(1);
  await sleep(Math.random() * 20);
  const {all} = familyOf(started.pid);
  if (!ended) started.process.kill('SIGKILL');
  const {status} = await started.result;
  expect((await survivors(all, 5000)).map(({command}) => command)).toEqual([]);
  return status === 'SIGKILL';
}

/** Nothing under its name that is not what the name says. */
function isWhole(
  person: Person,
  snapshots: Record<string, string>,
  whole: Record<string, string>,
  phase: Phase,
): void {
  for (const [name, tree] of Object.entries(snapshots)) {
    expect(tree, `${name} after a kill while ${phase}`).toBe(whole[name]);
  }
  const blobs = join(roomOf(person).state, 'blobs/sha256');
  for (const name of readdirSync(blobs)) {
    const hash = createHash('sha256').update(readFileSync(join(blobs, name)));
    expect(hash.digest('hex'), `after a kill while ${phase}`).toBe(name);
  }
}

/** A hash of each snapshot's tree, as its files are on the host. */
async function snapshotsNow(person: Person): Promise<Record<string, string>> {
  const directory = join(roomOf(person).state, 'snapshots');
  const trees = await describeTree(directory).catch(() => ({}));
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  for (const [path, {sameAs, ...described}] of Object.entries(trees)) {
    const [, name = '', place] = path.split('/');
    // A layer without an entry for the root got it when it was unpacked.
    if (place !== 'fs' || path === `/${name}/fs`) continue;
    const hash = hashes.get(name) ?? createHash('sha256');
    // A whiteout says that something is gone, and nobody sees since when.
    const isWhiteout = /^2/.test(described.mode) && described.device === '0:0';
    // A directory that no entry describes has the time of its making.
    const {mtime, ...timeless} = described;
    const isDirectory = described.mode.startsWith('4');
    const told = isWhiteout
      ? {mode: described.mode}
      : {...timeless, ...(isDirectory ? {} : {mtime})};
    hashes.set(name, hash.update(`${path} ${JSON.stringify(told)}\n`));
  }
  return Object.fromEntries([...hashes].map(([name, hash]) => [name, hash.digest('hex')]));
}

async function pullAll(person: Person): Promise<void> {
  for (const tag of images) await succeed(['pull', '-q', fixture(tag)], person);
}

async function removeAll(person: Person): Promise<void> {
  await succeed(['prune', '-f', '-a'], person);
}
