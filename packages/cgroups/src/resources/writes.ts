import type {Resources} from '@minicontainer/spec';
import {blockIoWrites} from './block-io.ts';
import {cpusetWrites, cpuWrites} from './cpu.ts';
import {hugetlbWrites} from './hugetlb.ts';
import {memoryWrites} from './memory.ts';
import {networkWrites} from './network.ts';
import {pidsWrites} from './pids.ts';
import {rdmaWrites} from './rdma.ts';
import {unifiedWrites} from './unified.ts';
import type {CgroupVersion, CgroupWrite} from './write.ts';

/**
 * What to write into a new cgroup, in this order, before any task is in it; devices are not among them.
 *
 * The values are those of runc: what is zero there for "not set" is so here.
 *
 * @throws {MinicontainerError} `ERESOURCE` for a value that no cgroup can have, and for a resource that
 *   this version of cgroups cannot limit, with its controller
 * @see OCI runtime spec, config-linux.md, "Control groups"
 */
export function resourceWrites(
  resources: Resources,
  version: CgroupVersion,
): readonly CgroupWrite[] {
  const {memory = {}, cpu = {}, pids = {}, blockIO = {}, network = {}} = resources;
  return [
    // First: without them no task can enter a cpuset of v1.
    ...cpusetWrites(cpu),
    ...memoryWrites(memory, version),
    ...cpuWrites(cpu, version),
    ...pidsWrites(pids),
    ...blockIoWrites(blockIO, version),
    ...hugetlbWrites(resources.hugepageLimits ?? [], version),
    ...networkWrites(network, version),
    ...rdmaWrites(resources.rdma ?? {}),
    // Last: where both say something, this is meant.
    ...unifiedWrites(resources.unified ?? {}, version),
  ];
}

/**
 * Files of cgroup v1 that a new cgroup has empty, and copies from its parent before a task may enter it
 * (ENOSPC); each directory between does too. What is set by `resources` is not among them.
 *
 * @see cpusets.rst of cgroup-v1, "How are cpusets implemented"
 */
export function inheritedFiles(
  resources: Resources,
): readonly {readonly controller: 'cpuset'; readonly file: string}[] {
  const {cpus, mems} = resources.cpu ?? {};
  const empty = Object.entries({cpus, mems}).filter(([, list]) => !list);
  return empty.map(([name]) => ({controller: 'cpuset', file: `cpuset.${name}`}));
}
