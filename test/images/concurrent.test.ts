import {chownSync, type FSWatcher, mkdirSync, readdirSync, watch} from 'node:fs';
import {join} from 'node:path';
import {expect, inject, test} from 'vitest';
import {describeEach, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {start} from '../e2e/harness/run.ts';
import {seenInside, storedFiles, succeed} from './harness/commands.ts';
import {Registry} from './harness/registry.ts';

/** They share the first two layers, and each has one of its own; some are there twice. */
const tags = [
  ...['everything', 'sparse', 'devices', 'link-to-lower', 'delete-and-make', 'foreign-metadata'],
  ...['busybox', 'settings', 'everything', 'sparse'],
];

describeEach('ten pulls at once of images that share layers', (person) => {
  test('fetch each blob once and unpack each layer once', async () => {
    await using registry = await Registry.start({
      storage: inject('images').storage,
      readOnly: true,
    });
    const snapshots = join(roomOf(person).state, 'snapshots');
    const added = watchDirectory(snapshots, person);
    const pulls = tags.map((tag) =>
      start(['pull', '-q', `${registry.host}/fixtures/${tag}`], {as: person, timeoutMs: 60_000}),
    );
    for (const {result} of pulls) {
      const {status, stderr} = await result;
      expect(status, stderr).toBe(0);
    }
    const unpacked = added.stop();
    const times = [...registry.fetchedBlobs.values()];
    expect(times.length).toBeGreaterThan(10);
    expect(new Set(times)).toEqual(new Set([1]));
    const there = readdirSync(snapshots);
    expect(there.length).toBeGreaterThan(7);
    // Whoever unpacks a layer that is there moves that one away first.
    for (const name of there) expect(unpacked.get(name), name).toBe(1);
    const tree = await seenInside(`${registry.host}/fixtures/everything`, person);
    expect(tree['/kinds/big']?.size).toBe('1280000');
    await succeed(
      ['rmi', '-f', ...new Set(tags.map((tag) => `${registry.host}/fixtures/${tag}`))],
      person,
    );
    await succeed(['prune', '-f'], person);
    expect(storedFiles(person)).toEqual([]);
  });
});

/** How often something was moved into a directory, or out of it, by name. */
function watchDirectory(directory: string, {uid, gid}: Person): {stop: () => Map<string, number>} {
  mkdirSync(directory, {recursive: true});
  chownSync(directory, uid, gid);
  const events = new Map<string, number>();
  const watcher: FSWatcher = watch(directory, (event, name) => {
    if (event === 'rename' && name !== null) events.set(name, (events.get(name) ?? 0) + 1);
  });
  return {
    stop() {
      watcher.close();
      return events;
    },
  };
}
