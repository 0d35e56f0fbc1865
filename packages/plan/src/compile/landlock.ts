import type {Process, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {placeOf} from './mounts.ts';
import {hasNamespace} from './namespaces.ts';

/** LANDLOCK_ACCESS_FS_*, without the prefix. @see landlock(7) */
export const fileAccess = {
  EXECUTE: 1n << 0n,
  WRITE_FILE: 1n << 1n,
  READ_FILE: 1n << 2n,
  READ_DIR: 1n << 3n,
  REMOVE_DIR: 1n << 4n,
  REMOVE_FILE: 1n << 5n,
  MAKE_CHAR: 1n << 6n,
  MAKE_DIR: 1n << 7n,
  MAKE_REG: 1n << 8n,
  MAKE_SOCK: 1n << 9n,
  MAKE_FIFO: 1n << 10n,
  MAKE_BLOCK: 1n << 11n,
  MAKE_SYM: 1n << 12n,
  REFER: 1n << 13n,
  TRUNCATE: 1n << 14n,
  IOCTL_DEV: 1n << 15n,
} as const;

/** LANDLOCK_SCOPE_*, without the prefix. */
export const scope = {ABSTRACT_UNIX_SOCKET: 1n << 0n, SIGNAL: 1n << 1n} as const;

/** The first version of the kernel's interface that has it. */
const since = {REFER: 2, TRUNCATE: 3, IOCTL_DEV: 5, scopes: 6} as const;

/** What a file can be asked for; the rest is for directories. */
const ofFiles =
  fileAccess.EXECUTE |
  fileAccess.WRITE_FILE |
  fileAccess.READ_FILE |
  fileAccess.TRUNCATE |
  fileAccess.IOCTL_DEV;

/** What Landlock adds to a plan, or why it adds nothing. */
export interface LandlockLayer {
  readonly operations: readonly Operation[];
  /** One sentence. */
  readonly omitted?: string;
}

/**
 * "What it was not given, it cannot open": a layer that says where, while mounts, owners and modes say how.
 * It comes before the filter of system calls, which need not allow it, and before the capabilities go.
 *
 * @param trees what the container was given besides the mounts of the spec: paths in it. With `/` among
 *   them all of its root; without, of the root itself no more than a list of what is in it
 * @see landlock(7)
 */
export function compileLandlock(
  spec: Spec,
  process: Process,
  host: HostFacts,
  trees: readonly string[],
  choice?: 'unconfined',
): LandlockLayer {
  const version = host.landlock ?? 0;
  const omitted =
    choice === 'unconfined' ? 'unconfined is asked for' : reasonAgainst(spec, process, version);
  if (omitted !== undefined) return {operations: [], omitted};
  const handled = accessOf(version);
  const sharesAbstractSockets = !hasNamespace(spec, 'network') && version >= since.scopes;
  return {
    operations: [
      operation(
        'confine',
        'createRuleset',
        {
          files: handled,
          scoped: sharesAbstractSockets ? scope.ABSTRACT_UNIX_SOCKET : 0n,
          to: 'landlock',
        },
        sharesAbstractSockets
          ? "and no abstract socket of the host's, which no file protects (CVE-2020-15257)"
          : 'one more layer: it holds for descriptors and mounts that should not be here, too',
      ),
      ...rulesFor(spec, host, trees, handled),
      operation(
        'confine',
        'restrictSelf',
        {ruleset: 'landlock'},
        'what the container was not given, it cannot open, however it comes by it',
      ),
    ],
  };
}

function reasonAgainst(spec: Spec, process: Process, version: number): string | undefined {
  if (version < since.REFER) {
    return version === 0
      ? 'the kernel has no Landlock (Linux 5.19, and "landlock" among its security modules)'
      : 'with the Landlock of this kernel no file could be moved between directories (Linux 5.19)';
  }
  if (process.capabilities?.bounding?.includes('CAP_SYS_ADMIN')) {
    return 'CAP_SYS_ADMIN is asked for, and Landlock forbids to mount';
  }
  if (spec.linux?.seccomp === undefined) {
    return 'system calls are not filtered, and in namespaces of its own a program may want to mount';
  }
  return undefined;
}

function accessOf(version: number): bigint {
  return Object.entries(fileAccess)
    .filter(([name]) => version >= (firstVersions[name] ?? 1))
    .reduce((all, [, bit]) => all | bit, 0n);
}

const firstVersions: Readonly<Record<string, number>> = since;

function rulesFor(
  spec: Spec,
  host: HostFacts,
  trees: readonly string[],
  handled: bigint,
): Operation[] {
  if (trees.includes('/')) {
    return [allow('/', handled, 'all of its own root, mounts and devices as they are')];
  }
  return [
    allow('/', fileAccess.READ_DIR, 'the root is read-only: of itself it has names to list'),
    ...trees.map((path) => allow(path, handled, 'a part of its root')),
    ...(spec.mounts ?? []).map(({destination, source = ''}) =>
      allow(
        placeOf(destination),
        host.sources[source] === 'file' ? handled & ofFiles : handled,
        'a mount that it was given',
      ),
    ),
    ...(spec.linux?.devices ?? []).map(({path}) =>
      allow(placeOf(path), handled & ofFiles, 'a device that it was given'),
    ),
  ];
}

function allow(path: string, files: bigint, why: string): Operation {
  return operation(
    'confine',
    'allowBeneath',
    {ruleset: 'landlock', path, files},
    why,
    // A mount that the host could not give needs no rule; the root is always there.
    path === '/' ? {} : {optional: ['ENOENT', 'ENOTDIR']},
  );
}
