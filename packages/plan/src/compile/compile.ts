import {posix} from 'node:path';
import type {ProgramCache} from '@minicontainer/seccomp';
import type {Process, Spec} from '@minicontainer/spec';
import {type Operation, operation, type Plan} from '../plan.ts';
import {compileDevices} from './devices.ts';
import {compileGivenStreams} from './given-streams.ts';
import {compileHooks} from './hooks.ts';
import type {CgroupHierarchy, HostFacts} from './host.ts';
import {compileLandlock, type LandlockLayer} from './landlock.ts';
import {leftOutCapabilities} from './left-out.ts';
import {compileListener} from './listener.ts';
import {mountAttribute} from './mount-options.ts';
import {compileClosing, compileMounts, placeOf} from './mounts.ts';
import {isNew} from './namespace-types.ts';
import {compileCgroupNamespace, compileNamespaces, compileRelease} from './namespaces.ts';
import {compileProcess, compileStreams, compileUser, type NamedUser} from './process.ts';
import {compilePrivateProcfs} from './procfs.ts';
import {compileRootPropagation, outerPropagation} from './propagation.ts';
import {refuseUnsupported} from './refuse.ts';
import {refuseFalseProc} from './refuse-proc.ts';
import {compileResctrl} from './resctrl.ts';
import {compileRootDirectory, hang, isSeen} from './root-directory.ts';
import {compileGate, compileLeaving, type Runtime} from './runtime.ts';
import {inStageOrder} from './stage-order.ts';
import {compileSysctls} from './sysctl.ts';

/** A cgroup of the container's own, as whoever knows the host's hierarchies has it made. */
export interface CgroupContribution {
  /** Make, limit and enter it, in the stages that each belongs to. */
  readonly operations: readonly Operation[];
  /** Remove it, when the container has ended. */
  readonly ending: readonly Operation[];
  /** The slot of a cgroup of version 2 that the container is cloned into; v1 is entered by the container. */
  readonly clonedInto?: string;
  /** The kernel decides by its rules which devices can be opened in it. */
  readonly filtersDevices?: boolean;
  /** Of v1: its directory in a hierarchy. */
  readonly directoryOf?: (hierarchy: CgroupHierarchy) => string;
  /** What stops and tells all of its processes: a directory of version 2, or of the freezer of version 1. */
  readonly freezer?: {readonly version: 1 | 2; readonly directory: string};
  /** Where it is, for who looks at it or changes it later. */
  readonly location: CgroupLocation;
  /** The unit that systemd has it as, and how that is asked for changes. */
  readonly unit?: SystemdUnit;
}

/** A unit of systemd's, by the D-Bus of its manager. */
export interface SystemdUnit {
  readonly name: string;
  /** The absolute path of busctl(1). */
  readonly busctl: string;
  readonly address: string;
}

/** Absolute directories of a cgroup: the one of version 2, or of version 1 each by its controller. */
export type CgroupLocation =
  | {readonly version: 2; readonly directory: string}
  | {readonly version: 1; readonly directories: Readonly<Record<string, string>>};

/** What goes into a plan besides the spec. */
export interface CompileOptions {
  /** The container's id. */
  readonly id: string;
  /** The directory that holds its config.json; unless said, nobody is told of one. */
  readonly bundle?: string;
  /** Where filters of system calls are kept that have been compiled before. */
  readonly programs?: ProgramCache;
  /** What of its own root the container is given, for Landlock to hold it to; unless said, there is none. */
  readonly trees?: readonly string[];
  /** It may open whatever it comes by. */
  readonly landlock?: 'unconfined';
  /** A user that only the container's own files can resolve, instead of the spec's numeric one. */
  readonly user?: NamedUser;
  /** A reaping pid 1 before the command. */
  readonly init?: boolean;
  /** Make the user's home directory where it is missing. */
  readonly makeHome?: boolean;
  /** Make the working directory where it is missing. */
  readonly makeWorkingDirectory?: boolean;
  /** Start in the user's home directory instead of the spec's `cwd`. */
  readonly startInHome?: boolean;
  /**
   * Operations that make the root file system and leave its mount, attached, in slot `root`; those of
   * the stage `build` may use the empty tmpfs in slot `scratch`. Unless given, the spec's `root.path`.
   */
  readonly root?: readonly Operation[];
  /** Operations after the mounts of the spec, on slot `root`. */
  readonly files?: readonly Operation[];
  /** The container's cgroup; without one it stays in the caller's. */
  readonly cgroup?: CgroupContribution;
  /** It is made for another engine, not for ours to watch. */
  readonly runtime?: Runtime;
  /** What undoes what was made for this container outside it. */
  readonly ending?: readonly Operation[];
}

/**
 * The operations that make, run and end the container that a spec describes, in their order. Pure: the
 * same arguments give the same plan.
 *
 * @throws {MinicontainerError} `EUNSUPPORTED` for a field that no operation serves, `EIDMAP` when the
 *   id maps need a program that is missing
 */
export function compilePlan(spec: Spec, host: HostFacts, options: CompileOptions): Plan {
  refuseUnsupported(spec, options.cgroup !== undefined);
  if (options.runtime !== undefined) refuseFalseProc(spec.mounts ?? []);
  const process = spec.process as Process;
  const mounts = compileMounts(spec, host, options.cgroup?.directoryOf);
  const landlock: LandlockLayer =
    options.trees === undefined
      ? {operations: []}
      : compileLandlock(spec, process, host, options.trees, options.landlock);
  const resctrl = compileResctrl(spec, host, options.id);
  const cgroup = options.cgroup?.operations ?? [];
  const hooks = compileHooks(spec, host, options);
  const scratch = [...compileScratch(spec), ...compilePrivateProcfs(spec)];
  const root =
    options.root === undefined
      ? compileRootDirectory(spec, host, options)
      : {cloned: [], hung: options.root};
  const operations = [
    ...(options.runtime === undefined
      ? []
      : [...compileGate(options.runtime), ...compileGivenStreams(spec, process, host)]),
    // Before the keeper is let go, which compileNamespaces does.
    ...cgroup.filter(({stage}) => stage === 'attach'),
    ...compileNamespaces(spec, host, options.cgroup?.clonedInto, options.runtime),
    ...cgroup.filter(({stage}) => stage !== 'attach'),
    ...resctrl.operations,
    ...compileCgroupNamespace(spec),
    compilePropagation(spec),
    // Where it is seen the scratch lies beneath it, and so over what is cloned.
    ...(isSeen(spec) ? [...root.cloned, ...scratch] : [...scratch, ...root.cloned]),
    ...root.hung,
    ...mounts,
    ...compileDevices(spec, host),
    ...(options.files ?? []),
    ...compileListener(spec, options.id, options.bundle ?? ''),
    compileRelease(),
    ...compileHiddenPaths(spec, mounts),
    ...compileClosing(spec),
    ...hooks.built,
    ...(options.runtime === undefined && !options.makeWorkingDirectory
      ? []
      : compileWorkingDirectory(process)),
    ...compileEntering(spec, process, host, options),
    ...compileProcess(spec, process, host, {
      ...options,
      places: landlock.operations,
      starting: hooks.starting,
    }),
    ...(options.runtime === undefined
      ? [
          operation(
            'ending',
            'supervise',
            {},
            'Node is gone by now: this is all that stays in memory',
          ),
        ]
      : compileLeaving(options.runtime, process)),
    ...(options.cgroup?.ending ?? []),
    ...resctrl.ending,
    ...hooks.ended,
    ...(options.ending ?? []),
  ];
  const omitted = [
    ...(landlock.omitted === undefined ? [] : [`Landlock: ${landlock.omitted}`]),
    ...leftOutCapabilities(spec, host),
  ];
  return {
    operations: inStageOrder(operations),
    seal: mustSeal(spec, host),
    ...(omitted.length > 0 && {omitted}),
  };
}

function compilePropagation(spec: Spec): Operation {
  return operation(
    'build',
    'setPropagation',
    {flags: outerPropagation(spec)},
    'whatever is mounted from here on must not appear on the host',
  );
}

function compileScratch(spec: Spec): Operation[] {
  return [
    operation(
      'build',
      'createMount',
      {
        type: 'tmpfs',
        source: 'minicontainer',
        options: ['mode=755'],
        attributes: mountAttribute.noSuid | mountAttribute.noDev,
        directory: undefined,
        to: 'scratch',
      },
      'room for what the new root is made of; out of sight after the pivot',
    ),
    ...hang(
      'scratch',
      spec,
      "only what is attached can be mounted upon; stacked on the host's root, which stays beneath",
    ),
    operation(
      'build',
      'makeDirectory',
      {root: 'scratch', path: 'empty', mode: 0o755},
      'what a masked directory shows',
    ),
    operation(
      'build',
      'openPath',
      {root: 'scratch', path: 'empty', to: 'empty'},
      'what a masked directory shows',
    ),
    ...(isNew(spec, 'network')
      ? [operation('build', 'linkUp', {name: 'lo'}, 'programs expect 127.0.0.1 to answer')]
      : []),
  ];
}

/** As engines expect of a runtime; for whom it cannot be made, entering it fails and says why. */
function compileWorkingDirectory({cwd}: Process): Operation[] {
  if (posix.normalize(cwd) === '/') return [];
  return [
    operation(
      'build',
      'makeDirectory',
      {root: 'root', path: placeOf(cwd), mode: 0o755},
      'the working directory, where it is missing',
      {optional: ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ELOOP']},
    ),
  ];
}

/** After every mount: a mount made later would lie on top and show what is hidden beneath. */
function compileHiddenPaths(spec: Spec, mounts: readonly Operation[]): Operation[] {
  return [
    ...(spec.linux?.maskedPaths ?? []).map((path) =>
      operation(
        'build',
        'maskPath',
        {...placeInMount(path, mounts), empty: 'empty'},
        'it tells of the host',
        {optional: ['ENOENT', 'ENOTDIR']},
      ),
    ),
    ...(spec.linux?.readonlyPaths ?? []).map((path) =>
      operation(
        'build',
        'readOnlyPath',
        placeInMount(path, mounts),
        'writing it would reach the host',
        {optional: ['ENOENT', 'ENOTDIR']},
      ),
    ),
  ];
}

/**
 * A path by the mount that it is in, whose slot its destination names: whoever shares the root file system
 * may have renamed the mount's own place meanwhile, and then nothing would be hidden (CVE-2019-19921).
 */
function placeInMount(path: string, mounts: readonly Operation[]): {root: string; path: string} {
  const place = placeOf(path);
  const above = mounts
    .flatMap(({op, args}) => (op === 'attachMount' ? [args.mount] : []))
    .filter((slot) => slot !== '/' && place.startsWith(`${slot}/`))
    .reduce((longest, slot) => (slot.length > longest.length ? slot : longest), '');
  return {root: above === '' ? 'root' : above, path: place.slice(above.length + 1)};
}

function compileEntering(
  spec: Spec,
  process: Process,
  host: HostFacts,
  options: CompileOptions,
): Operation[] {
  return [
    options.runtime?.noPivot
      ? operation(
          'enter',
          'changeRoot',
          {root: 'root'},
          'the caller asked for it: where the host runs from its initramfs there is nothing to pivot',
        )
      : operation(
          'enter',
          'pivotRoot',
          {root: 'root'},
          'unlike chroot, nothing of the old root is left to climb back to',
        ),
    ...(spec.hostname === undefined
      ? []
      : [operation('enter', 'setHostname', {name: spec.hostname}, 'a name of its own')]),
    ...(spec.domainname === undefined
      ? []
      : [operation('enter', 'setDomainname', {name: spec.domainname}, 'a name of its own')]),
    ...compileSysctls(spec, host),
    ...compileUser(spec, process, host, options.user),
    ...(options.makeHome
      ? [
          operation(
            'enter',
            'makeHome',
            {},
            "the host's home directories are not the container's",
            // Below a directory that only the host's root may write, such as /var/spool.
            {optional: ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR']},
          ),
        ]
      : []),
    compileStreams(process, options.runtime !== undefined),
    ...compileRootPropagation(spec),
    ...(spec.root?.readonly
      ? [
          operation(
            'enter',
            'mountAttributes',
            {
              mount: 'root',
              set: mountAttribute.readOnly,
              clear: 0n,
              propagation: 0n,
              recursive: false,
            },
            'asked for; last, when every mount point has been made',
          ),
        ]
      : []),
  ];
}

/** Unless every id of the container is one that nobody on the host has, nsexec's own file is in reach. */
export function mustSeal(spec: Spec, host: HostFacts): boolean {
  const mappings = spec.linux?.uidMappings ?? [];
  const has = (id: number | undefined) =>
    id !== undefined && mappings.some(({hostID, size}) => hostID <= id && id < hostID + size);
  return !isNew(spec, 'user') || has(host.uid) || has(host.programOwner);
}
