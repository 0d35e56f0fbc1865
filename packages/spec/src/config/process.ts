import type {Capabilities} from './privileges.ts';
import type {ExecCpuAffinity, IoPriority, Scheduler} from './scheduling.ts';

/** The process that a container runs. */
export interface Process {
  readonly terminal?: boolean;
  /** Of no meaning without `terminal`. */
  readonly consoleSize?: ConsoleSize;
  /** Ids inside the container; 0:0 when it is not there. */
  readonly user?: User;
  /** At least one; the first is the command, looked up in the container's `PATH`. */
  readonly args: readonly string[];
  /** `NAME=value`, nothing besides is inherited. */
  readonly env?: readonly string[];
  /** An absolute path in the container. */
  readonly cwd: string;
  readonly capabilities?: Capabilities;
  readonly rlimits?: readonly Rlimit[];
  readonly noNewPrivileges?: boolean;
  readonly apparmorProfile?: string;
  readonly selinuxLabel?: string;
  /** -1000 to 1000; without it the value is inherited. @see proc_pid_oom_score_adj(5) */
  readonly oomScoreAdj?: number;
  readonly scheduler?: Scheduler;
  readonly ioPriority?: IoPriority;
  /** For processes that join the container later, never for its first one. */
  readonly execCPUAffinity?: ExecCpuAffinity;
}

/** Size of a terminal, in characters. */
export interface ConsoleSize {
  readonly height: number;
  readonly width: number;
}

/** Numeric ids, as the container sees them. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids?: readonly number[];
  /** A mode of at most 0o777, as a plain number; inherited when it is not there. */
  readonly umask?: number;
}

export type RlimitType =
  | 'RLIMIT_AS'
  | 'RLIMIT_CORE'
  | 'RLIMIT_CPU'
  | 'RLIMIT_DATA'
  | 'RLIMIT_FSIZE'
  | 'RLIMIT_LOCKS'
  | 'RLIMIT_MEMLOCK'
  | 'RLIMIT_MSGQUEUE'
  | 'RLIMIT_NICE'
  | 'RLIMIT_NOFILE'
  | 'RLIMIT_NPROC'
  | 'RLIMIT_RSS'
  | 'RLIMIT_RTPRIO'
  | 'RLIMIT_RTTIME'
  | 'RLIMIT_SIGPENDING'
  | 'RLIMIT_STACK';

/** A limit of one resource; each type at most once. @see getrlimit(2) */
export interface Rlimit {
  readonly type: RlimitType;
  /** In the resource's own unit; 2^64 - 1 (which reads as 2^64) means no limit. */
  readonly soft: number;
  readonly hard: number;
}
