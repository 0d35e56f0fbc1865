import {chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Person} from './people.ts';

/** Names every directory of ours below the system's temporary one. */
export const roomPrefix = 'minicontainer-e2e-';

/** One person's directories during one test. */
export interface Room {
  /** HOME. Nothing but an empty state directory may be left in it. */
  readonly home: string;
  /** MINICONTAINER_ROOT: a state of its own for each test, whatever else runs on the machine. */
  readonly state: string;
  /** TMPDIR. Nothing may be left in it. */
  readonly tmp: string;
  /** The working directory; what is in it is the test's own affair. */
  readonly work: string;
}

let house: string | undefined;

/** Before each test. */
export function openHouse(): string {
  house = mkdtempSync(join(tmpdir(), roomPrefix));
  chmodSync(house, 0o755);
  return house;
}

/** After each test. */
export function closeHouse(): void {
  const closed = currentHouse();
  house = undefined;
  // Removing a house in which something of the host's is mounted would remove that.
  if (readFileSync('/proc/self/mountinfo', 'utf8').includes(closed)) {
    throw new Error(`something is still mounted in ${closed}`);
  }
  rmSync(closed, {recursive: true, force: true});
}

/** Where the rooms of the test that runs are. */
export function currentHouse(): string {
  if (house === undefined) throw new Error('no test is running');
  return house;
}

/** The rooms of a person in the test that runs, made at the first need. */
export function roomOf({name, uid, gid}: Person): Room {
  const directory = join(currentHouse(), name);
  const room = {
    home: join(directory, 'home'),
    state: join(directory, 'state'),
    tmp: join(directory, 'tmp'),
    work: join(directory, 'work'),
  };
  if (mkdirSync(directory, {recursive: true}) !== undefined) {
    for (const path of Object.values(room)) mkdirSync(path);
    for (const path of [directory, ...Object.values(room)]) {
      chmodSync(path, 0o755);
      chownSync(path, uid, gid);
    }
  }
  return room;
}
