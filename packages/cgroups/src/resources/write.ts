/** One write(2) to a file of a cgroup, which says what it is for. */
export interface CgroupWrite {
  /** As the kernel names it: `memory`, `cpu`, `io` or, on v1, `blkio`; `cgroup` is v2's core. */
  readonly controller: string;
  /** A name in the cgroup's directory, never a path. */
  readonly file: string;
  readonly value: string;
  /** Where the spec asks for it: `linux.resources.memory.limit`; several are parted by commas. */
  readonly asked: string;
  /**
   * What to do when the directory has no such file (ENOENT): nothing, since it would change nothing, or
   * this in its place. Without it the limit cannot be had, which is an error.
   */
  readonly ifMissing?: 'ignore' | FileValue;
}

export interface FileValue {
  readonly file: string;
  readonly value: string;
}

export type CgroupVersion = 1 | 2;

/** The place of a field of the spec, as errors and `asked` name it. */
export function asked(field: string): string {
  return `linux.resources.${field}`;
}
