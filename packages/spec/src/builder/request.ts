import type {Mount} from '../config/mounts.ts';
import type {IdMapping} from '../config/namespaces.ts';
import type {Rlimit, User} from '../config/process.ts';
import type {Resources} from '../config/resources.ts';
import type {ControlRequest} from './controls.ts';

/** What a container is asked to be; all but `args` and `rootPath` has a safe default. */
export interface ContainerRequest extends ControlRequest {
  /** The command and its arguments. */
  readonly args: readonly string[];
  /** Set besides the default environment, and instead of it where names are equal. */
  readonly env?: Readonly<Record<string, string>>;
  /** An absolute path in the container; `/` unless said. */
  readonly cwd?: string;
  /** Numeric ids in the container; 0:0 unless said. */
  readonly user?: User;
  readonly hostname?: string;
  /** A terminal of the container's own for its standard streams. */
  readonly terminal?: boolean;
  /** The directory that becomes `/`: absolute, or relative to the bundle. */
  readonly rootPath: string;
  readonly readOnlyRoot?: boolean;
  /** Besides the default mounts, and instead of those with the same destination. */
  readonly mounts?: readonly Mount[];
  /** `none`, a network with nothing but a loopback, unless said; or one to join, by its path. */
  readonly network?: 'none' | 'host' | JoinedNamespace;
  /** Whose processes it sees; its own unless said. */
  readonly pid?: 'host';
  /** Whose message queues and shared memory it has; with `none` it has no place for its own either. */
  readonly ipc?: 'host' | 'none';
  /** Whose host name it has; its own unless said. */
  readonly uts?: 'host';
  /** The ids of a user namespace; without it the container has the host's ids. */
  readonly userNamespace?: UserNamespace | undefined;
  /**
   * Every capability, nothing masked or read-only in `/proc` and `/sys`.
   *
   * A user namespace is the caller's choice even so: root leaves it out, a plain user cannot.
   */
  readonly privileged?: boolean;
  /** Names as `--cap-add` has them: any case, `CAP_` or not, `ALL`. */
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly noNewPrivileges?: boolean;
  /** Absolute paths to mask besides the default ones, privileged or not. */
  readonly maskedPaths?: readonly string[];
  /** Limits of its cgroup, taken as they are: what no cgroup can have is refused when they are written. */
  readonly resources?: Resources;
  /** `private` unless said: its own cgroup is the root of what it sees of them. */
  readonly cgroupNamespace?: 'private' | 'host';
  /** Each type at most once. */
  readonly rlimits?: readonly Rlimit[];
  /** -1000 to 1000. */
  readonly oomScoreAdj?: number;
  /** Size of /dev/shm; 64 MiB unless said. */
  readonly shmSizeBytes?: number;
}

/** A namespace that exists. */
export interface JoinedNamespace {
  /** An absolute path on the host. */
  readonly path: string;
}

export interface UserNamespace {
  readonly uidMappings: readonly IdMapping[];
  readonly gidMappings: readonly IdMapping[];
}
