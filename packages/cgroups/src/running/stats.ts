import type {ContainerCgroup} from './cgroup.ts';
import {v1Stats} from './stats-v1.ts';
import {v2Stats} from './stats-v2.ts';

/** What a container has used; a part is not there when it is in no cgroup that counts it. */
export interface CgroupStats {
  readonly memory?: MemoryStats;
  readonly cpu?: CpuStats;
  readonly pids?: PidsStats;
  readonly io?: IoStats;
}

/** A limit or a peak is not there when there is none, or the kernel does not tell. */
export interface MemoryStats {
  readonly usageBytes: number;
  readonly limitBytes?: number;
  readonly peakBytes?: number;
  /** Of the usage: files that were read once, and go first. `docker stats` takes them off. */
  readonly inactiveFileBytes: number;
  /** Without memory, on v1 too. */
  readonly swapBytes?: number;
  readonly swapLimitBytes?: number;
  /** Processes killed because memory ran out, of this container or around it. */
  readonly oomKills: number;
}

export interface CpuStats {
  readonly usageMicroseconds: number;
  readonly userMicroseconds: number;
  readonly systemMicroseconds: number;
  /** Periods of the quota that have gone by, those in which it was used up, and for how long. */
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly throttledMicroseconds: number;
}

export interface PidsStats {
  /** Processes and threads. */
  readonly current: number;
  readonly limit?: number;
}

/** By the numbers of each device, `8:0`. */
export type IoStats = Readonly<Record<string, DeviceIo>>;

export interface DeviceIo {
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly reads: number;
  readonly writes: number;
}

/**
 * Reads what a container has used, all of it together with the cgroups below.
 *
 * The numbers are read one after another, and are not of one instant.
 *
 * @see cgroup-v2.rst, memory.rst and others of cgroup-v1
 */
export function readStats(cgroup: ContainerCgroup): CgroupStats {
  return cgroup.version === 2 ? v2Stats(cgroup.directory) : v1Stats(cgroup.directories);
}
