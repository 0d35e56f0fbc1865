import type {Device, NetDevice} from './devices.ts';
import type {IdMapping, Namespace, TimeOffsets} from './namespaces.ts';
import type {IntelRdt, MemoryPolicy} from './placement.ts';
import type {Resources} from './resources.ts';
import type {Seccomp} from './seccomp.ts';

/** What the kernel's name for it is, with and without its effect on the mounts beneath. */
export type RootfsPropagation =
  | 'private'
  | 'shared'
  | 'slave'
  | 'unbindable'
  | 'rprivate'
  | 'rshared'
  | 'rslave'
  | 'runbindable';

/**
 * The part of the configuration that only Linux has.
 *
 * @see https://github.com/opencontainers/runtime-spec/blob/v1.2.1/config-linux.md
 */
export interface Linux {
  /** Each type at most once; what is not listed is shared with the runtime. */
  readonly namespaces?: readonly Namespace[];
  readonly uidMappings?: readonly IdMapping[];
  readonly gidMappings?: readonly IdMapping[];
  readonly timeOffsets?: TimeOffsets;
  /** Besides null, zero, full, random, urandom, tty, console and ptmx, which are always there. */
  readonly devices?: readonly Device[];
  /** By their name on the host. */
  readonly netDevices?: Readonly<Record<string, NetDevice>>;
  /** From the hierarchy's root when it is absolute, else from where the runtime puts cgroups. */
  readonly cgroupsPath?: string;
  readonly resources?: Resources;
  readonly intelRdt?: IntelRdt;
  readonly memoryPolicy?: MemoryPolicy;
  readonly sysctl?: Readonly<Record<string, string>>;
  readonly seccomp?: Seccomp;
  /** The specification has the first four; engines write the recursive ones too. */
  readonly rootfsPropagation?: RootfsPropagation;
  /** Absolute paths in the container that cannot be read. */
  readonly maskedPaths?: readonly string[];
  /** Absolute paths in the container that cannot be written. */
  readonly readonlyPaths?: readonly string[];
  readonly mountLabel?: string;
  readonly personality?: Personality;
}

/** @see personality(2) */
export interface Personality {
  readonly domain: 'LINUX' | 'LINUX32';
  /** The specification knows none yet. */
  readonly flags?: readonly string[];
}
