import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Processes} from './processes.ts';

const top = '/sys/fs/cgroup';

/** Every cgroup of every hierarchy. */
export function readCgroups(): Set<string> {
  const cgroups = new Set<string>();
  visit(top, cgroups);
  return cgroups;
}

/** As containers name them: a machine has other things to do. */
const ourNames = /\/minicontainer-[0-9a-f]{64}(\.scope)?(\/|$)/;

/** New ones of ours, but those that somebody else's processes are in. */
export function newCgroups(before: ReadonlySet<string>, ours: Processes): string[] {
  return [...readCgroups()].filter(
    (path) => !before.has(path) && ourNames.test(path) && !isOfOthers(path, ours),
  );
}

function isOfOthers(path: string, ours: Processes): boolean {
  const pids = members(path);
  return pids.length === 0 ? isPopulated(path) : !pids.every((pid) => ours.has(pid));
}

/** Who is in no pid namespace of ours is not listed, but counted: by one controller, or in v2 (cgroups(7)). */
function isPopulated(path: string): boolean {
  const [, ...name] = path.slice(top.length + 1).split('/');
  const count = Number(read(join(top, 'pids', ...name, 'pids.current')));
  return count > 0 || read(join(path, 'cgroup.events')).includes('populated 1');
}

function visit(directory: string, cgroups: Set<string>): void {
  for (const entry of entriesOf(directory)) {
    if (!entry.isDirectory()) continue;
    const path = join(directory, entry.name);
    cgroups.add(path);
    visit(path, cgroups);
  }
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, {withFileTypes: true});
  } catch {
    return [];
  }
}

function members(path: string): number[] {
  return read(join(path, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
