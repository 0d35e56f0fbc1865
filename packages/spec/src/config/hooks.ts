/** A program to run at a point of the container's life, with the container's state on stdin. */
export interface Hook {
  /** An absolute path, on the host or in the container as the point of time has it. */
  readonly path: string;
  /** Including the zeroth argument. */
  readonly args?: readonly string[];
  readonly env?: readonly string[];
  /** In seconds, at least 1; without it there is no limit. */
  readonly timeout?: number;
}

/** Hooks by the point of time they run at, each list in order. */
export interface Hooks {
  /** As `createRuntime`, before it. @deprecated by the specification, still in use */
  readonly prestart?: readonly Hook[];
  /** On the host, after the namespaces and mounts are made, before the root is entered. */
  readonly createRuntime?: readonly Hook[];
  /** In the container's namespaces but with the host's paths, after `createRuntime`. */
  readonly createContainer?: readonly Hook[];
  /** In the container, before its command is executed. */
  readonly startContainer?: readonly Hook[];
  /** On the host, after the command was started. */
  readonly poststart?: readonly Hook[];
  /** On the host, after the container was deleted. */
  readonly poststop?: readonly Hook[];
}

const points = {
  prestart: true,
  createRuntime: true,
  createContainer: true,
  startContainer: true,
  poststart: true,
  poststop: true,
} as const satisfies Record<keyof Hooks, true>;

/** Every point of time that hooks run at, in their order. */
export const hookNames: readonly string[] = Object.freeze(Object.keys(points));
