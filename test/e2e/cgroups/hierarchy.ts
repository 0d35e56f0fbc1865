import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Whether this host has cgroup v2 alone; else v1, where files are in one directory for each controller. */
export const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers');

/** A file of the container's own cgroup, as the container sees it: of v2, or of a hierarchy of v1. */
export function ownFile(unified: string, hierarchy: string, file: string): string {
  return isUnified ? `/sys/fs/cgroup/${unified}` : `/sys/fs/cgroup/${hierarchy}/${file}`;
}

/** The cgroup of a process: of v2, or of the pids hierarchy of v1. */
export function cgroupOf(pid: number): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const prefix = isUnified ? /^0::/ : /^\d+:pids:/;
  return lines.find((line) => prefix.test(line))?.replace(prefix, '') ?? '';
}

/** Where a cgroup is on this host, of v2 or of the pids hierarchy. */
export function directoryOf(cgroup: string): string {
  return join(isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids', cgroup);
}

/** A cgroup of this name at the top, of every hierarchy that has it. */
export function parentsNamed(name: string): string[] {
  const tops = isUnified
    ? ['/sys/fs/cgroup']
    : readdirSync('/sys/fs/cgroup').map((directory) => join('/sys/fs/cgroup', directory));
  return tops.map((top) => join(top, name)).filter((path) => existsSync(path));
}
