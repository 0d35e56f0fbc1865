import type {DeviceRule} from './devices.ts';

/** Limits of the container's cgroup, in the words of cgroup v1 where the two differ. @see cgroups(7) */
export interface Resources {
  /** Applied in this order. */
  readonly devices?: readonly DeviceRule[];
  readonly memory?: MemoryLimits;
  readonly cpu?: CpuLimits;
  readonly pids?: PidsLimit;
  readonly blockIO?: BlockIo;
  readonly hugepageLimits?: readonly HugepageLimit[];
  readonly network?: NetworkClass;
  /** By the name of the device. */
  readonly rdma?: Readonly<Record<string, RdmaLimits>>;
  /** Files of cgroup v2 and what is written to them, whether known or not. */
  readonly unified?: Readonly<Record<string, string>>;
}

/** In bytes; -1 is no limit. */
export interface MemoryLimits {
  readonly limit?: number;
  readonly reservation?: number;
  /** Memory and swap together. */
  readonly swap?: number;
  readonly kernel?: number;
  readonly kernelTCP?: number;
  /** 0 to 100. */
  readonly swappiness?: number;
  readonly disableOOMKiller?: boolean;
  readonly useHierarchy?: boolean;
  /** Refuse a limit below what is in use, on cgroup v2 too. */
  readonly checkBeforeUpdate?: boolean;
}

/** Times in microseconds. */
export interface CpuLimits {
  readonly shares?: number;
  /** Of each period; -1 is no limit. */
  readonly quota?: number;
  readonly burst?: number;
  readonly period?: number;
  readonly realtimeRuntime?: number;
  readonly realtimePeriod?: number;
  /** A list like `0-3,7`, as `mems` is of memory nodes. */
  readonly cpus?: string;
  readonly mems?: string;
  /** 1 puts the cgroup behind all others. */
  readonly idle?: number;
}

export interface PidsLimit {
  /** Tasks; -1 is no limit, 0 is a limit. Needed up to 1.2. */
  readonly limit?: number;
}

export interface BlockIo {
  readonly weight?: number;
  readonly leafWeight?: number;
  readonly weightDevice?: readonly BlockIoWeight[];
  readonly throttleReadBpsDevice?: readonly BlockIoThrottle[];
  readonly throttleWriteBpsDevice?: readonly BlockIoThrottle[];
  readonly throttleReadIOPSDevice?: readonly BlockIoThrottle[];
  readonly throttleWriteIOPSDevice?: readonly BlockIoThrottle[];
}

/** At least one of the two weights. */
export interface BlockIoWeight {
  readonly major: number;
  readonly minor: number;
  readonly weight?: number;
  readonly leafWeight?: number;
}

export interface BlockIoThrottle {
  readonly major: number;
  readonly minor: number;
  /** Bytes or operations per second, as the list it is in says. */
  readonly rate: number;
}

export interface HugepageLimit {
  /** As the kernel names it: `64KB`, `2MB`, `1GB`. */
  readonly pageSize: string;
  /** In bytes. */
  readonly limit: number;
}

export interface NetworkClass {
  readonly classID?: number;
  readonly priorities?: readonly InterfacePriority[];
}

export interface InterfacePriority {
  readonly name: string;
  readonly priority: number;
}

/** At least one of the two. */
export interface RdmaLimits {
  readonly hcaHandles?: number;
  readonly hcaObjects?: number;
}
