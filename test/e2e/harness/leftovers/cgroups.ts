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
    (path) =>
      !before.has(path) && ourNames.test(path) && members(path).every((pid) => ours.has(pid)),
  );
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
  try {
    return readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
