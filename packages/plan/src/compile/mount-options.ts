/** Bits of mount_setattr(2) and mount(2), as the kernel's headers have them. */
export const mountAttribute = {
  readOnly: 0x1n,
  noSuid: 0x2n,
  noDev: 0x4n,
  noExec: 0x8n,
  atime: 0x70n,
  noAtime: 0x10n,
  strictAtime: 0x20n,
  noDirAtime: 0x80n,
  noSymFollow: 0x200000n,
} as const;

export const propagationFlag = {
  unbindable: 1n << 17n,
  private: 1n << 18n,
  slave: 1n << 19n,
  shared: 1n << 20n,
} as const;
export const recursiveFlag = 1n << 14n;

const flags: Readonly<Record<string, {set?: bigint; clear?: bigint}>> = {
  ro: {set: mountAttribute.readOnly},
  rw: {clear: mountAttribute.readOnly},
  nosuid: {set: mountAttribute.noSuid},
  suid: {clear: mountAttribute.noSuid},
  nodev: {set: mountAttribute.noDev},
  dev: {clear: mountAttribute.noDev},
  noexec: {set: mountAttribute.noExec},
  exec: {clear: mountAttribute.noExec},
  nosymfollow: {set: mountAttribute.noSymFollow},
  symfollow: {clear: mountAttribute.noSymFollow},
  nodiratime: {set: mountAttribute.noDirAtime},
  diratime: {clear: mountAttribute.noDirAtime},
  // One field of several bits: what was there is cleared first (mount_setattr(2)).
  noatime: {set: mountAttribute.noAtime, clear: mountAttribute.atime},
  strictatime: {set: mountAttribute.strictAtime, clear: mountAttribute.atime},
  relatime: {clear: mountAttribute.atime},
};
const withoutEffect = new Set([
  'defaults',
  'notmpcopyup',
  'async',
  ...['atime', 'norelatime', 'nostrictatime', 'ratime', 'rnorelatime', 'rnostrictatime'],
  // Of mount(2) as it was: no file system that a container can have made does anything else for them.
  'silent',
  'loud',
  'iversion',
  'noiversion',
]);

export interface MountOptions {
  readonly bind: boolean;
  /** A bind takes the mounts below its source along. */
  readonly recursiveBind: boolean;
  readonly set: bigint;
  readonly clear: bigint;
  /** Flags hold for the mounts below too (`rro`). */
  readonly recursiveFlags: boolean;
  readonly propagation: bigint;
  readonly recursivePropagation: boolean;
  /** What it covers is copied into it first; of a tmpfs alone. */
  readonly copyUp?: boolean;
  /** Owners are shifted: of this mount alone, or of those below it too. */
  readonly idmap?: 'mount' | 'tree';
  /** What is left, for the file system itself. */
  readonly data: readonly string[];
}

/**
 * A mount's options, told apart: flags of the mount, propagation, and what the file system gets.
 *
 * @see OCI runtime spec, config.md, "Linux mount options"
 */
export function parseMountOptions(options: readonly string[]): MountOptions {
  let [bind, recursiveBind, recursiveFlags, recursivePropagation] = [false, false, false, false];
  let [set, clear, propagation] = [0n, 0n, 0n];
  let idmap: MountOptions['idmap'];
  let copyUp = false;
  const data: string[] = [];
  for (const option of options) {
    const recursive = option.startsWith('r') ? option.slice(1) : '';
    const flag = flagOf(option);
    const flagBelow = flagOf(recursive);
    if (option === 'bind' || option === 'rbind') {
      bind = true;
      recursiveBind = option === 'rbind';
    } else if (flag !== undefined) {
      [set, clear] = withFlag(set, clear, flag);
    } else if (flagBelow !== undefined) {
      [set, clear] = withFlag(set, clear, flagBelow);
      recursiveFlags = true;
    } else if (isPropagation(option)) {
      propagation = propagationFlag[option];
      recursivePropagation = false;
    } else if (isPropagation(recursive)) {
      propagation = propagationFlag[recursive];
      recursivePropagation = true;
    } else if (option === 'idmap' || option === 'ridmap') {
      idmap = option === 'idmap' ? 'mount' : 'tree';
    } else if (option === 'tmpcopyup') {
      copyUp = true;
    } else if (!withoutEffect.has(option)) {
      data.push(option);
    }
  }
  return {
    ...{bind, recursiveBind, set, clear, recursiveFlags, propagation, recursivePropagation, data},
    ...(idmap === undefined ? {} : {idmap}),
    ...(copyUp && {copyUp}),
  };
}

/** Every option that is not the file system's own, in the order of the alphabet. */
export function mountOptionNames(): readonly string[] {
  const both = [...Object.keys(flags), ...Object.keys(propagationFlag)];
  const names = [...both, ...both.map((name) => `r${name}`), ...withoutEffect];
  return [...names, 'bind', 'rbind', 'idmap', 'ridmap', 'tmpcopyup'].sort();
}

/** What comes from outside may be named as anything, such as a property that every object has. */
function flagOf(name: string): {set?: bigint; clear?: bigint} | undefined {
  return Object.hasOwn(flags, name) ? flags[name] : undefined;
}

/** The later of two contradicting options holds. */
function withFlag(set: bigint, clear: bigint, flag: {set?: bigint; clear?: bigint}) {
  const [sets, clears] = [flag.set ?? 0n, flag.clear ?? 0n];
  return [(set & ~clears) | sets, (clear & ~sets) | clears] as const;
}

function isPropagation(name: string): name is keyof typeof propagationFlag {
  return Object.hasOwn(propagationFlag, name);
}
