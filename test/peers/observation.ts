/** A process in one runtime, as test/peers/observe.mjs found it. */
export interface Observation {
  readonly name: string;
  /** `ours` must not be weaker than all of `bar`, and `loose` is; `host` is a process in no container. */
  readonly role: 'host' | 'ours' | 'bar' | 'other' | 'loose';
  /** Whom the process runs as inside. */
  readonly user: string;
  readonly version: string;
  /** Lists of strings, the first of which says what the others tell. */
  readonly told: readonly (readonly string[])[];
  /** System call filters in hexadecimal, the last loaded first. */
  readonly filters: readonly string[];
  /** Limits of cgroups of its own, by file name. */
  readonly cgroup: Readonly<Record<string, string>>;
}

/** What was told of one kind, without the kind. */
export function toldOf({told}: Observation, kind: string): string[][] {
  return told.filter(([first]) => first === kind).map(([, ...rest]) => rest);
}

/** A line of /proc/PID/status, as its words. */
export function statusOf(observation: Observation, name: string): string[] {
  const [line = ''] = toldOf(observation, 'status')
    .map(([text = '']) => text)
    .filter((text) => text.startsWith(`${name}:`));
  return line.split(/\s+/).slice(1).filter(Boolean);
}

/** Paths below /proc and /sys that were told with one of these classes. */
export function pathsOf(observation: Observation, ...classes: readonly string[]): string[] {
  return toldOf(observation, 'path').flatMap(([kind = '', path = '']) =>
    classes.includes(kind) ? [path] : [],
  );
}
