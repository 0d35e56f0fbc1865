import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest';
import {leftoversSince, type Snapshot, takeSnapshot} from '../e2e/harness/leftovers/index.ts';
import {isRoot} from '../e2e/harness/people.ts';
import {closeHouse, openHouse} from '../e2e/harness/room.ts';
import {allowances} from './allowance.ts';
import {formatComparison} from './document.ts';
import {type Exception, exceptions} from './exceptions.ts';
import {type Observation, pathsOf} from './observation.ts';
import {observe} from './observations.ts';
import {weaknesses} from './weaker.ts';

const root = join(import.meta.dirname, '../..');
const document = join(root, 'docs/comparison.md');
const ours = [
  'minicontainer',
  "minicontainer's host view",
  'minicontainer --userns host',
  'minicontainer as a user',
];
const inside = ['minicontainer', 'minicontainer --userns host', 'minicontainer as a user'].map(
  (name) => `${name}, -u 1000`,
);

describe.runIf(isRoot)('only root: what a process sees inside', () => {
  let before: Snapshot;
  let observations: readonly Observation[];
  let weak: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    openHouse();
    before = takeSnapshot();
    const seen = observe(join(inject('installed'), 'apps/cli/dist/minicontainer.cjs'));
    observations = seen.observations;
    weak = weaknesses(observations);
    if (process.env.MINICONTAINER_COMPARISON === 'write') {
      writeFileSync(document, formatComparison(seen));
    }
  });
  afterAll(closeHouse);

  test.each([...ours, ...inside])('%s allows nothing that docker and podman both deny', (name) => {
    const excepted = new Set(exceptions.filter(isFor(name)).flatMap(({things}) => things));
    expect(weak.get(name)?.filter((thing) => !excepted.has(thing))).toEqual([]);
  });

  test.each(ours)('%s covers every path that docker or podman covers', (name) => {
    const covered = coveredBy(observations, ({name: other}) => other === name);
    const theirs = coveredBy(observations, ({role}) => role === 'bar');
    expect(theirs.length).toBeGreaterThan(3);
    expect(theirs.filter((path) => !covered.includes(path))).toEqual([]);
  });

  test('as many processes as podman allows, and no more, fit into the container of root', () => {
    const podmans = observations.find(({name}) => name === 'podman')?.cgroup['pids.max'];
    const roots = observations.filter(
      ({name, role}) => role === 'ours' && !name.includes('as a user'),
    );
    expect(podmans).toMatch(/^\d+$/);
    expect(roots.map(({cgroup}) => cgroup['pids.max'])).toEqual(roots.map(() => podmans));
  });

  test('every exception is still needed', () => {
    const everywhere = exceptions.filter(({onlyOn}) => onlyOn === undefined);
    const idle = everywhere.flatMap(({things, of = ours}) =>
      things.filter((thing) => !of.every((name) => weak.get(name)?.includes(thing))),
    );
    expect(idle).toEqual([]);
  });

  test('the document tells the reason of every exception', () => {
    const text = readFileSync(document, 'utf8');
    const untold = exceptions.filter(({reason}) => !text.includes(reason));
    expect(untold, 'npm run compare makes the document anew').toEqual([]);
  });

  test('what the caller has is seen where nothing keeps it back', () => {
    const bwrap = allowances(observations).get('bwrap');
    const seen = ['descriptor: /etc/hostname', 'environment: MINICONTAINER_CALLERS_OWN'];
    expect(seen.filter((thing) => bwrap?.has(thing))).toEqual(seen);
  });

  test('a container with loose flags allows more than docker and podman, and that is found', () => {
    const found = weak.get('minicontainer, loosened');
    const loose = [
      'capability: CapEff CAP_SYS_ADMIN',
      'system call: x86_64 bpf',
      'system call: i386 init_module',
      'read: /proc/keys',
      'write: /proc/sys/net/ipv4/ip_forward',
      'environment: SECRET',
      'attempt: make a mount namespace',
      'attempt: mount a tmpfs',
    ];
    expect(loose.filter((thing) => !found?.includes(thing))).toEqual([]);
  });

  test.each([
    ['a path uncovered', ['path', 'r', '/proc/keys'], 'read: /proc/keys'],
    ['a path writable', ['path', 'rw', '/proc/sys/kernel/core_pattern'], 'write: '],
    ['a namespace shared', 'net', 'namespace: net'],
    ['a device opened', ['device', '/dev/kmsg', 'c 1:11', 'opened'], 'device: /dev/kmsg'],
    ['a variable passed on', ['environment', 'SECRET=1'], 'environment: SECRET'],
    ['a descriptor passed on', ['descriptor', '7', '/etc'], 'descriptor: /etc'],
    ['an attempt that succeeds', ['attempt', 'load a kernel module', 'possible'], 'attempt: load'],
    [
      'a limit gone',
      ['limits', 'Max open files            1048576    unlimited   files'],
      'limit: ',
    ],
  ])('%s would be found', (_, line, thing) => {
    const host = observations.find(({role}) => role === 'host');
    const added = typeof line === 'string' ? namespaceOf(host, line) : [line];
    const found = weaknessesWith(observations, ({told}) => ({told: [...told, ...added]}));
    const known = weak.get('minicontainer');
    expect(found.filter((weakness) => !known?.includes(weakness))).toEqual([
      expect.stringContaining(thing),
    ]);
  });

  test('a filter less would be found', () => {
    expect(weaknessesWith(observations, () => ({filters: []}))).toEqual(
      expect.arrayContaining(['system call: x86_64 bpf', 'system call: i386 init_module']),
    );
  });

  test('nothing of it is left on the host', async () => {
    expect(await leftoversSince(before)).toEqual([]);
  });
});

/** Weaknesses that ours would have, were this seen of it. */
function weaknessesWith(
  observations: readonly Observation[],
  change: (seen: Observation) => Partial<Observation>,
): readonly string[] {
  const compared = observations.filter(
    ({name, role, user}) =>
      name === 'minicontainer' || role === 'host' || (role === 'bar' && user === 'root'),
  );
  const changed = compared.map((one) =>
    one.name === 'minicontainer' ? {...one, ...change(one)} : one,
  );
  return weaknesses(changed).get('minicontainer') ?? [];
}

function coveredBy(
  observations: readonly Observation[],
  which: (observation: Observation) => boolean,
): string[] {
  return observations.filter(which).flatMap((one) => pathsOf(one, 'covered'));
}

function isFor(name: string): (exception: Exception) => boolean {
  return ({of}) => of === undefined || of.includes(name.replace(', -u 1000', ''));
}

function namespaceOf(host: Observation | undefined, kind: string): (readonly string[])[] {
  return host?.told.filter(([first, name]) => first === 'namespace' && name === kind) ?? [];
}
