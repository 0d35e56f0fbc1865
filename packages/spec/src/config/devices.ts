/** A device that the container must have. @see mknod(2) */
export interface Device {
  /** Character, block, unbuffered character, or pipe. */
  readonly type: 'c' | 'b' | 'u' | 'p';
  /** An absolute path in the container, in `/dev` or elsewhere. */
  readonly path: string;
  /** Needed, like `minor`, unless the type is `p`. */
  readonly major?: number;
  readonly minor?: number;
  /** Permission bits, as a plain number: 0o666 is 438. */
  readonly fileMode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** What processes of the container may do to devices; the last rule that fits decides. */
export interface DeviceRule {
  readonly allow: boolean;
  /** All, character or block; all when it is not there. */
  readonly type?: 'a' | 'c' | 'b';
  /** All when it is not there or -1, like `minor`. */
  readonly major?: number;
  readonly minor?: number;
  /** Some of read, write and mknod: `rwm`. */
  readonly access?: string;
}

/** A network interface of the host that moves into the container. */
export interface NetDevice {
  /** Its name inside; `%d` at its end is a number of the kernel's choice. */
  readonly name?: string;
}
