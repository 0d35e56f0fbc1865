import type {ContainerCgroup} from '../running/cgroup.ts';
import {noCpuset} from './cpuset.ts';
import type {EventValue} from './json.ts';
import {readCountTable} from './read.ts';
import {v1Usage} from './usage-v1.ts';
import {v2Usage} from './usage-v2.ts';

type Fields = Readonly<Record<string, EventValue>>;

/**
 * What a container uses, in the form that `runc events` prints and engines read: times in nanoseconds,
 * sizes in bytes, swap with memory in it on version 2 as on version 1.
 */
export function readUsage(cgroup: ContainerCgroup | undefined): Fields {
  const found = cgroup === undefined ? {} : usageOf(cgroup);
  return {...nothing, ...found, intel_rdt: {}, network_interfaces: null};
}

function usageOf(cgroup: ContainerCgroup): Fields {
  return cgroup.version === 2 ? v2Usage(cgroup.directory) : v1Usage(cgroup.directories);
}

/** How often a process was killed because memory ran out. */
export function countOutOfMemory(cgroup: ContainerCgroup): bigint {
  const [directory, file] =
    cgroup.version === 2
      ? [cgroup.directory, 'memory.events']
      : [cgroup.directories.memory, 'memory.oom_control'];
  return directory === undefined ? 0n : (readCountTable(directory, file).oom_kill ?? 0n);
}

const entry = {limit: 0n, failcnt: 0n};
const nothing: Fields = {
  cpu: {usage: {kernel: 0n, user: 0n}, throttling: {}},
  cpuset: noCpuset,
  memory: {usage: entry, swap: entry, kernel: entry, kernelTCP: entry},
  pids: {},
  blkio: {},
  hugetlb: {},
};
