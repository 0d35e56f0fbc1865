export type SchedulerPolicy =
  | 'SCHED_OTHER'
  | 'SCHED_FIFO'
  | 'SCHED_RR'
  | 'SCHED_BATCH'
  | 'SCHED_ISO'
  | 'SCHED_IDLE'
  | 'SCHED_DEADLINE';

export type SchedulerFlag =
  | 'SCHED_FLAG_RESET_ON_FORK'
  | 'SCHED_FLAG_RECLAIM'
  | 'SCHED_FLAG_DL_OVERRUN'
  | 'SCHED_FLAG_KEEP_POLICY'
  | 'SCHED_FLAG_KEEP_PARAMS'
  | 'SCHED_FLAG_UTIL_CLAMP_MIN'
  | 'SCHED_FLAG_UTIL_CLAMP_MAX';

/** CPU scheduling of the process. @see sched_setattr(2) */
export interface Scheduler {
  readonly policy: SchedulerPolicy;
  /** -20 to 19; lower is served first. */
  readonly nice?: number;
  /** 0 to 99, for `SCHED_FIFO` and `SCHED_RR`. */
  readonly priority?: number;
  readonly flags?: readonly SchedulerFlag[];
  /** For `SCHED_DEADLINE`, like the next two in nanoseconds. */
  readonly runtime?: number;
  readonly deadline?: number;
  readonly period?: number;
}

/** @see ioprio_set(2) */
export interface IoPriority {
  readonly class: 'IOPRIO_CLASS_RT' | 'IOPRIO_CLASS_BE' | 'IOPRIO_CLASS_IDLE';
  /** 0 to 7; lower is served first. */
  readonly priority: number;
}

/** Lists of CPUs like `0-3,7`: before and after the process is moved to the container's cgroup. */
export interface ExecCpuAffinity {
  readonly initial?: string;
  readonly final?: string;
}
