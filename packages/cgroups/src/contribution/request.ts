import type {CgroupWrite} from '../resources/write.ts';

/** What a container's cgroup is to do. */
export interface CgroupRequest {
  /** In the order in which they are to be written. */
  readonly writes: readonly CgroupWrite[];
  /** Those of the writes, by what asked for them, that are left out where they cannot be had. */
  readonly wishes: ReadonlySet<string>;
  /** The limit of memory, for who is told that it was reached. */
  readonly memoryBytes?: number;
  /** v2: the program that decides about devices; absent where the caller may load none. */
  readonly deviceFilter?: readonly number[];
}
