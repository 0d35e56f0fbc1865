import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';

const cgroups = '/sys/fs/cgroup';

/** Processes that have a text in their environment, as all have that a test starts; no zombies. */
export function processesOf(mark: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`];
    } catch {
      return [];
    }
  });
}

export function mountsOf(mark: string): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines.filter((line) => line.includes(mark));
}

/** Of any hierarchy, at its top: those whose names begin so. */
export function cgroupsOf(name: string): string[] {
  return [cgroups, ...readdirSync(cgroups).map((top) => join(cgroups, top))]
    .filter((top) => existsSync(join(top, 'cgroup.procs')))
    .flatMap((top) => readdirSync(top).map((each) => join(top, each)))
    .filter((path) => basename(path).startsWith(name));
}
