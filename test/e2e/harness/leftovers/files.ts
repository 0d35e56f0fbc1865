import {spawnSync} from 'node:child_process';
import {lstatSync, readdirSync} from 'node:fs';
import {basename, join} from 'node:path';
import {people} from '../people.ts';
import {currentHouse, roomPrefix} from '../room.ts';

/** Where the system keeps what is temporary. */
const publicPlaces = ['/tmp', '/var/tmp', '/run', '/dev/shm', '/dev/mqueue'];
/**
 * Directories of the state that stay when they are empty, a store of images without one, and filters that need
 * not be compiled again.
 */
const lasting = new RegExp(
  [
    /^\.local(\/share(\/minicontainer)?)?$/,
    /^(\.local\/share\/minicontainer\/)?(containers|ranges|refs|blobs(\/sha256)?|snapshots|ingest|tmp|leases)$/,
    /^(\.local\/share\/minicontainer\/)?(oci-layout|index\.json|(refs\.)?lock)$/,
    /(^|\/)filters(\/[0-9a-f]{8}-\d+)?$/,
  ]
    .map(({source}) => source)
    .join('|'),
);
/** A machine has other things to do: what is not told by its owner is by its name. */
const ourNames = /^[0-9a-f]{64}$/;

/** Files outside of the rooms: in public places and in everybody's default state. */
export function readPublicFiles(): Set<string> {
  return new Set([...publicPlaces.flatMap(listPlace), ...stateDirectories().flatMap(listState)]);
}

/** New files outside of the rooms, and in the rooms all that is neither the test's own nor an empty state. */
export function newFiles(before: ReadonlySet<string>): string[] {
  const outside = [...readPublicFiles()].filter((path) => !before.has(path)).filter(isOurs);
  return [...outside, ...listRooms()];
}

function isOurs(path: string): boolean {
  if (basename(path).startsWith(roomPrefix)) return false;
  if (path.includes('/minicontainer/')) return isAbandoned(path);
  return ourNames.test(basename(path)) || isContainers(path);
}

/** In a state that others use as well: what nobody holds the lock of. */
function isAbandoned(container: string): boolean {
  return spawnSync('flock', ['-n', join(container, 'lock'), 'true']).status === 0;
}

/** No user of the host has ids as high as those that containers have. */
function isContainers(path: string): boolean {
  return (lstatSync(path, {throwIfNoEntry: false})?.uid ?? 0) >= 100_000;
}

function stateDirectories(): string[] {
  return people.map(({name}) =>
    name === 'root' ? '/var/lib/minicontainer' : `/home/${name}/.local/share/minicontainer`,
  );
}

function listState(state: string): string[] {
  return listPlace(join(state, 'containers'));
}

function listPlace(directory: string): string[] {
  return list(directory).map((name) => join(directory, name));
}

function listRooms(): string[] {
  const house = currentHouse();
  return list(house).flatMap((person) =>
    ['home', 'state', 'tmp'].flatMap((place) => listTree(join(house, person, place))),
  );
}

function listTree(top: string): string[] {
  return readTree(top)
    .filter((path) => !lasting.test(path))
    .map((path) => join(top, path));
}

function readTree(top: string, below = ''): string[] {
  return list(join(top, below)).flatMap((name) => {
    const path = join(below, name);
    const isDirectory = lstatSync(join(top, path), {throwIfNoEntry: false})?.isDirectory();
    return [path, ...(isDirectory ? readTree(top, path) : [])];
  });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
