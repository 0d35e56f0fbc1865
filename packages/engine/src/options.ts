import type {Layers} from '@minicontainer/rootfs';
import type {IdMapping, Resources, Rlimit} from '@minicontainer/spec';
import type {ControlOptions} from './control-options.ts';
import type {UserNamespaceChoice} from './ids/choice.ts';

/** Where a container's root file system comes from. */
export type RootSource =
  /** What is installed on this machine, copy on write. */
  | {readonly kind: 'host'}
  /** A directory: written in place, or beneath an overlay that is gone with the container. */
  | {readonly kind: 'rootfs'; readonly path: string; readonly overlay: boolean}
  /** An image, by its name or id; `platform` as `linux/arm64`, this machine's unless said. */
  | {readonly kind: 'image'; readonly name: string; readonly platform?: string}
  /** An image that is here and unpacked (`readyImage`). */
  | {
      readonly kind: 'layers';
      readonly name: string;
      readonly layers: Layers;
      readonly use: ImageUse;
      /** Keeps the layers from being removed until the container's directory says that it uses them. */
      readonly hold: Disposable;
    };

/** A container's use of an image, as it stands in the container's directory for who removes images. */
export interface ImageUse {
  readonly name?: string;
  readonly manifest: string;
  readonly snapshots: readonly string[];
}

export type MountRequest =
  | {
      readonly kind: 'bind';
      /** An absolute path on the host. */
      readonly source: string;
      readonly target: string;
      readonly readOnly?: boolean;
      /** As mount(8) names it: `rslave`, `private`, …; `rprivate` unless said. */
      readonly propagation?: string;
      /** Takes the mounts below the source along; unless said, it does. */
      readonly recursive?: boolean;
      /** Make a missing source a directory, as `-v` does. */
      readonly createSource?: boolean;
      /** Whose files of the source are whose inside. `container`: those of host root are container root's. */
      readonly idmap?: 'container' | MountIds;
      /** Give the source, and all in it, to the container's user. */
      readonly changeOwner?: boolean;
      readonly options?: readonly string[];
    }
  | {
      readonly kind: 'tmpfs';
      readonly target: string;
      /** As mount(8) has them: `size=64m`, `mode=1777`, `ro`, … */
      readonly options?: readonly string[];
    };

/** Ids of a mount: `containerID` as the source has it, `hostID` as it is to be. */
export interface MountIds {
  readonly uidMappings: readonly IdMapping[];
  readonly gidMappings: readonly IdMapping[];
  /** Which `hostID` counts as the container does, not as the host. */
  readonly relative?: {readonly uids?: boolean; readonly gids?: boolean};
}

/** A device of the host's, or a directory with devices. */
export interface DeviceRequest {
  readonly source: string;
  readonly target: string;
  /** Some of `r`, `w` and `m`. */
  readonly access: string;
}

export type SeccompChoice =
  | {readonly kind: 'unconfined'}
  /** A profile in Docker's JSON, as text. */
  | {readonly kind: 'profile'; readonly profile: string};

/** A container, as `run` makes it; all but `source` and `command` has a safe default. */
export interface RunOptions extends ControlOptions {
  readonly source: RootSource;
  /**
   * The command and its arguments, at least one; a name without a slash is looked up in PATH inside. With an
   * image: instead of its `Cmd`, where there is one at all.
   */
  readonly command: readonly string[];
  /** Instead of the image's, and of its `Cmd`; empty for none. */
  readonly entrypoint?: readonly string[];
  /** Places that can be written though the root cannot; absolute paths in the container. */
  readonly volumes?: readonly string[];
  /** What is kept of an image in the container's configuration. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Besides `PATH` and, with a terminal, `TERM`; nothing of the caller's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** An absolute path in the container; the user's home in the host view, else `/`. */
  readonly workdir?: string;
  /** `name`, `uid`, or either with `:group` or `:gid`; 0:0 unless said, and with `keep-id` the caller. */
  readonly user?: string;
  /** The first twelve digits of the container's id unless said. */
  readonly hostname?: string;
  /** A terminal of the container's own for its standard streams. */
  readonly terminal?: boolean;
  /** A reaping pid 1 before the command. */
  readonly init?: boolean;
  readonly readOnly?: boolean;
  readonly mounts?: readonly MountRequest[];
  /** `none`, a network with nothing but a loopback, unless said; or a namespace, by its path. */
  readonly network?: 'none' | 'host' | {readonly path: string};
  /**
   * `auto`, unless said: root inside is nobody outside, or for a plain user that user. `keep-id`: the
   * caller is who it is outside. `nomap`: the caller is nobody. `host`: the host's ids, for root alone.
   */
  readonly userns?: UserNamespaceChoice;
  readonly devices?: readonly DeviceRequest[];
  /** Every capability, nothing masked, the host's devices; for root it implies `userns: 'host'` unless that is said. */
  readonly privileged?: boolean;
  /** Names as `--cap-add` has them: any case, with or without `CAP_`, `ALL`. */
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  /** The filter of system calls; unless said Docker's default one, and with `privileged` none. */
  readonly seccomp?: SeccompChoice;
  /** Lets a container of the host view open what it comes by, whether it was given or not. */
  readonly landlock?: 'unconfined';
  /** Set-user-ID programs and file capabilities give nothing. */
  readonly noNewPrivileges?: boolean;
  /** Limits of the container's cgroup. */
  readonly resources?: Resources;
  /** `enabled` unless said: a cgroup of its own where one can be had, or a limit needs one. */
  readonly cgroups?: 'enabled' | 'disabled';
  /** A cgroup to lie in, made where it is missing; with systemd also a slice, such as `machine.slice`. */
  readonly cgroupParent?: string;
  /** `private` unless said: it sees its own cgroup, and what it makes below. */
  readonly cgroupNamespace?: 'private' | 'host';
  /** Limits of each process, each type at most once. */
  readonly rlimits?: readonly Rlimit[];
  /** -1000 to 1000: how likely the kernel is to kill it when memory runs out. */
  readonly oomScoreAdj?: number;
  /** Size of /dev/shm; 64 MiB unless said. */
  readonly shmSizeBytes?: number;
}
