/** What an archive may ask of its reader's memory, whatever it claims to hold. */
export interface TarLimits {
  /** One PAX header or GNU long name; as Go's archive/tar has it. */
  readonly metadataBytes: number;
  /** PATH_MAX counts the final NUL (path_resolution(7)). */
  readonly pathBytes: number;
  /** Pieces of one sparse file. */
  readonly sparseRegions: number;
  /** Zeros behind the end mark: writers fill up a record, which is megabytes at most. */
  readonly trailingBytes: number;
  /**
   * Whether the zeros at the end may be missing, as they are after some writers: only for an
   * archive of which something else, such as a digest, proves that it is whole.
   */
  readonly endMayBeMissing: boolean;
}

export const defaultLimits: TarLimits = {
  metadataBytes: 1 << 20,
  pathBytes: 4095,
  sparseRegions: 1 << 17,
  trailingBytes: 64 << 20,
  endMayBeMissing: false,
};
