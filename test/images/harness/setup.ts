import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect} from 'vitest';
import {leftoversSince, type Snapshot, takeSnapshot} from '../../e2e/harness/leftovers/index.ts';
import {people} from '../../e2e/harness/people.ts';
import {closeHouse, currentHouse, openHouse} from '../../e2e/harness/room.ts';
import {endStarted} from '../../e2e/harness/run.ts';

// For every test of the project: a house of its own before it; after it nothing is left on the host, and in
// the stores nothing that is half done.

let before: Snapshot;

beforeEach(() => {
  openHouse();
  before = takeSnapshot();
});

afterEach(async () => {
  endStarted();
  const left = await leftoversSince(before, 2000, isInStore);
  try {
    expect(left, 'left on the host').toEqual([]);
    expect(people.flatMap(unfinished), 'left in stores').toEqual([]);
  } finally {
    closeHouse();
  }
});

/** What a store keeps is what the test has put there. */
function isInStore(line: string): boolean {
  return people.some(({name}) => line.startsWith(`file ${stateOf(name)}/`));
}

/** Half fetched, half unpacked, protected for nobody. */
function unfinished({name}: {readonly name: string}): string[] {
  return ['ingest', 'tmp', 'leases'].flatMap((directory) =>
    list(join(stateOf(name), directory)).map((entry) => join(name, directory, entry)),
  );
}

function stateOf(name: string): string {
  return join(currentHouse(), name, 'state');
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
