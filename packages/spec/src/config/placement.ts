/** A class of cache and memory bandwidth of the CPU, in the resctrl file system. */
export interface IntelRdt {
  /** Name of the class; the container's id when it is not there, the default class when `/`. */
  readonly closID?: string;
  /** Lines of the class's `schemata` file, written after the next two. */
  readonly schemata?: readonly string[];
  readonly l3CacheSchema?: string;
  readonly memBwSchema?: string;
  /** A monitoring group of the container's own (1.3). */
  readonly enableMonitoring?: boolean;
  /** Up to 1.2; never had a sharp meaning. */
  readonly enableCMT?: boolean;
  readonly enableMBM?: boolean;
}

/** Which NUMA nodes memory comes from (1.3). @see set_mempolicy(2) */
export interface MemoryPolicy {
  readonly mode:
    | 'MPOL_DEFAULT'
    | 'MPOL_BIND'
    | 'MPOL_INTERLEAVE'
    | 'MPOL_WEIGHTED_INTERLEAVE'
    | 'MPOL_PREFERRED'
    | 'MPOL_PREFERRED_MANY'
    | 'MPOL_LOCAL';
  /** A list like `0-3,7`. */
  readonly nodes?: string;
  readonly flags?: readonly (
    | 'MPOL_F_NUMA_BALANCING'
    | 'MPOL_F_RELATIVE_NODES'
    | 'MPOL_F_STATIC_NODES'
  )[];
}
