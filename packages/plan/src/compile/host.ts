import type {Machine} from '@minicontainer/seccomp';

/** One cgroup v1 hierarchy, as the host has it mounted. */
export interface CgroupHierarchy {
  /** Mount options that name it: `cpu,cpuacct`, `name=systemd`; empty for the v2 one of a hybrid host. */
  readonly options: string;
  /** Name of its directory below /sys/fs/cgroup. */
  readonly directory: string;
}

export type CgroupLayout =
  | {readonly version: 2}
  | {readonly version: 1; readonly hierarchies: readonly CgroupHierarchy[]}
  | {readonly version: 0};

/** Whether the caller is root of the host, and not of a user namespace. */
export function isHostRoot({uid, nested}: HostFacts): boolean {
  return uid === 0 && nested !== true;
}

/** What a plan depends on besides the spec. Gathered once, at the edge; the compiler reads nothing itself. */
export interface HostFacts {
  /** The caller's effective ids. */
  readonly uid: number;
  readonly gid: number;
  /** Root, but of a user namespace: nothing of the host's file systems is its to shift or to clone. */
  readonly nested?: boolean;
  /** Nobody in the caller's user namespace may change groups (setgroups, user_namespaces(7)). */
  readonly groupsDenied?: boolean;
  /** The user who owns nsexec's file, and so could write it. */
  readonly programOwner?: number;
  /** What filters of system calls are compiled for; absent on a machine without a table of them. */
  readonly machine?: Machine;
  /** The version of the kernel's Landlock interface; absent or 0 where it has none. */
  readonly landlock?: number;
  /** Capabilities that the caller can give away: those of its bounding set. */
  readonly capabilities: bigint;
  readonly cgroup: CgroupLayout;
  /** What each source of a bind mount is. */
  readonly sources: Readonly<Record<string, 'directory' | 'file'>>;
  /** Which namespaces that a spec names by their paths are the caller's own. */
  readonly ownNamespaces?: readonly string[];
  /** Where the host has the devices that a spec lists: `c 1:3` is at `/dev/null`. */
  readonly devices?: Readonly<Record<string, string>>;
  /** Classes in /sys/fs/resctrl, where that is mounted. */
  readonly resctrlClasses?: readonly string[];
  /** The security modules of the host that have profiles or labels. */
  readonly lsm?: {readonly apparmor: boolean; readonly selinux: boolean};
  /** The caller's limit of open files before Node raised it. */
  readonly openFiles: {readonly soft: number; readonly hard: number};
  /** The set-user-ID programs that write id maps for a plain user; empty where they are missing. */
  readonly mappers: {readonly uid?: string; readonly gid?: string};
}
