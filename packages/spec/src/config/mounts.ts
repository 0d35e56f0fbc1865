import type {IdMapping} from './namespaces.ts';

/** The root file system. */
export interface Root {
  /** A directory: absolute, or relative to the bundle. */
  readonly path: string;
  readonly readonly?: boolean;
}

/** One mount, in the words of mount(8). */
export interface Mount {
  /** Path in the container; a relative one (deprecated) counts from `/`. */
  readonly destination: string;
  /** File system type; of no meaning for a bind, which `bind` or `rbind` in the options makes. */
  readonly type?: string;
  /** Device, dummy name, or for a bind a path: absolute, or relative to the bundle. */
  readonly source?: string;
  /** Mount flags and propagation first; what no runtime knows goes to the file system. */
  readonly options?: readonly string[];
  /** Ids of the source's file system as they appear in the mount; with `gidMappings` or not at all. */
  readonly uidMappings?: readonly IdMapping[];
  readonly gidMappings?: readonly IdMapping[];
}
