import type {TarEntryType} from '../entry/header.ts';

/** An entry to write: names are bytes, one character each, as in `TarHeader`. */
export interface NewEntry {
  readonly type: TarEntryType;
  readonly path: string;
  readonly linkPath?: string;
  /** 0o755 for directories, 0o777 for symbolic links, 0o644 for all else, unless said. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Bytes of data of a file. */
  readonly size?: number;
  readonly mtimeSeconds?: number;
  readonly mtimeNanoseconds?: number;
  readonly deviceMajor?: number;
  readonly deviceMinor?: number;
  readonly xattrs?: ReadonlyMap<string, Buffer>;
}
