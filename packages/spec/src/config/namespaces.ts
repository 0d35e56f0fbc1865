/** The kinds of namespace that Linux has, as the specification names them. */
export type NamespaceType =
  | 'pid'
  | 'network'
  | 'mount'
  | 'ipc'
  | 'uts'
  | 'user'
  | 'cgroup'
  | 'time';

/** A namespace that the container does not share with the runtime. */
export interface Namespace {
  readonly type: NamespaceType;
  /** An existing namespace to join, by its absolute path on the host; without it a new one. */
  readonly path?: string;
}

/** A range of ids and what it is outside. @see user_namespaces(7) */
export interface IdMapping {
  readonly containerID: number;
  readonly hostID: number;
  /** At least 1. */
  readonly size: number;
}

/** How far a clock of the container's time namespace is ahead. @see time_namespaces(7) */
export interface TimeOffset {
  readonly secs?: number;
  readonly nanosecs?: number;
}

export interface TimeOffsets {
  readonly boottime?: TimeOffset;
  readonly monotonic?: TimeOffset;
}
