/** What an entry is; contiguous files (`7`) and sparse ones (`S`) are files. */
export type TarEntryType =
  | 'file'
  | 'hardlink'
  | 'symlink'
  | 'character'
  | 'block'
  | 'directory'
  | 'fifo';

/** A piece of a sparse file that is not a hole, in bytes of the file. */
export interface SparseRegion {
  readonly offset: number;
  readonly length: number;
}

/**
 * One entry of an archive, whatever dialect wrote it.
 *
 * Names are bytes, decoded as latin1: one character per byte, so that no name is lost or changed.
 * `displayName` makes text for people of them, `Buffer.from(path, 'latin1')` the bytes.
 */
export interface TarHeader {
  readonly type: TarEntryType;
  /** As archived: with leading and trailing slashes, `./` and `..`. Neither empty nor with a NUL. */
  readonly path: string;
  /** What a link points to; empty for all else. */
  readonly linkPath: string;
  /** Permission, set-id and sticky bits: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of data that follow. */
  readonly size: number;
  /** Bytes of the file: more than `size` where it is sparse. */
  readonly fileSize: number;
  /** Where the data that follows belongs, ascending and without overlap; absent unless sparse. */
  readonly sparse?: readonly SparseRegion[];
  /** Seconds since 1970, negative before. */
  readonly mtimeSeconds: number;
  /** 0 to 999,999,999, always forward from the second. */
  readonly mtimeNanoseconds: number;
  /** Of devices, 0 for all else. */
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** By full name, such as `security.capability`. */
  readonly xattrs: ReadonlyMap<string, Buffer>;
}
