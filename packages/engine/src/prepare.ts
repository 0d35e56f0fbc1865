import {existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {hostname as ownHostname} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import {
  canSetGroups,
  compilePlan,
  isHostRoot,
  type NamedUser,
  type Operation,
  type Plan,
} from '@minicontainer/plan';
import {
  type Builder,
  directoryRoot,
  type HostEntry,
  hostSecrets,
  hostView,
  layersRoot,
  type OwnFiles,
  overlayRoot,
  type RootContribution,
} from '@minicontainer/rootfs';
import type {ProgramCache} from '@minicontainer/seccomp';
import {buildSpec, type Spec, type UserNamespace} from '@minicontainer/spec';
import {landlockVersion} from '@minicontainer/syscalls';
import {nameAccount} from './accounts.ts';
import {callerIds} from './allocate.ts';
import {limit} from './cgroup/limit.ts';
import {cgroupRequest, defaultLimits, limitsOf} from './cgroup/options.ts';
import {controlRequest, sharedIpcMounts, temporaryMounts} from './controls.ts';
import {deviceRequest} from './devices.ts';
import {readHostFacts, thermalPaths} from './host-facts.ts';
import {parseUser, withGroups, withKnownIds} from './identity.ts';
import type {CallerInside} from './ids/user-namespace.ts';
import {toMount} from './mounts.ts';
import type {RunOptions} from './options.ts';
import {changeOwners} from './owners.ts';
import {withSystemCallFilter} from './system-calls.ts';
import {unwritableBinds} from './unwritable.ts';
import {writableVolumes} from './volumes.ts';

/** What is decided for one container before its plan can be made. */
export interface Allocation {
  readonly id: string;
  /** The container's own, which holds its config.json. */
  readonly directory: string;
  /** The user namespace; without one the container has the host's ids. */
  readonly userNamespace?: UserNamespace;
  /** Who the command runs as where the user has not said. */
  readonly user?: CallerInside;
  /** For what the container writes, where memory cannot hold it. */
  readonly diskDirectory: string;
  readonly ending: readonly Operation[];
}

/** A container, described and planned. */
export interface Prepared {
  readonly spec: Spec;
  readonly plan: Plan;
  /** What the caller may not have meant, each in a sentence. */
  readonly notes: readonly string[];
}

/**
 * The spec and plan of a container; makes nothing but the sources that a mount asks to be made.
 *
 * @param programs where compiled filters of system calls are kept
 * @throws {MinicontainerError} for options that no container can have, or that this host cannot give
 */
export function prepare(
  options: RunOptions,
  allocation: Allocation,
  programs: ProgramCache,
): Prepared {
  const mounts = options.mounts ?? [];
  const {userNamespace} = allocation;
  const hostname =
    options.hostname ?? (options.uts === 'host' ? ownHostname() : allocation.id.slice(0, 12));
  const described = buildSpec({
    args: options.command,
    ...(options.uts === 'host' ? {} : {hostname}),
    rootPath: options.source.kind === 'rootfs' ? requireDirectory(options.source.path) : '/',
    mounts: [
      ...mounts.map((mount) => toMount(mount, userNamespace, options.privileged ?? false)),
      ...sharedIpcMounts(options),
      ...temporaryMounts(options),
    ],
    maskedPaths: pathsToMask(options, allocation),
    network: options.network ?? 'none',
    terminal: options.terminal ?? false,
    readOnlyRoot: options.readOnly ?? false,
    privileged: options.privileged ?? false,
    userNamespace,
    ...(options.env === undefined ? {} : {env: options.env}),
    ...(options.workdir === undefined ? {} : {cwd: options.workdir}),
    ...(options.capAdd === undefined ? {} : {capAdd: options.capAdd}),
    ...(options.capDrop === undefined ? {} : {capDrop: options.capDrop}),
    noNewPrivileges: options.noNewPrivileges ?? false,
    ...limitsOf(options),
    ...controlRequest(options),
    ...deviceRequest(options, callerIds()[0]),
  });
  const host = readHostFacts(described);
  const filtered = withSystemCallFilter(described, options);
  const {spec: limited, cgroup} = limit(
    filtered,
    host,
    cgroupRequest(options, allocation.id),
    defaultLimits(options),
  );
  const {annotations} = options;
  // Even 0:0 is looked up, for its home and its groups.
  const user = withGroups(userOf(options, allocation), options.groupAdd);
  const identified = withKnownIds(limited, user, canSetGroups(limited, host));
  const spec: Spec = annotations === undefined ? identified : {...identified, annotations};
  const hostRoot = isHostRoot(host);
  const owner = {
    ...{user, namespace: userNamespace},
    bySupervisor: hostRoot || userNamespace === undefined,
    home: process.env.HOME,
  };
  const builder = {
    hostRoot,
    userNamespace: userNamespace !== undefined,
    diskDirectory: allocation.diskDirectory,
    readOnly: options.readOnly ?? false,
  };
  const {root, files, trees} = buildRoot(options, builder, ownFilesOf(options, hostname));
  const facts = trees === undefined ? host : {...host, landlock: landlockVersion()};
  const plan = compilePlan(spec, facts, {
    id: allocation.id,
    bundle: allocation.directory,
    programs,
    init: options.init ?? false,
    makeHome: options.source.kind === 'host',
    makeWorkingDirectory: options.source.kind === 'layers',
    startInHome: options.source.kind === 'host' && options.workdir === undefined,
    root: [...changeOwners(mounts, owner), ...root],
    files: [...files, ...accountFiles(options, allocation), ...writableVolumes(options)],
    ...(cgroup === undefined ? {} : {cgroup}),
    ...(trees && {trees}),
    ...(options.landlock && {landlock: options.landlock}),
    ending: allocation.ending,
    user,
  });
  return {spec, plan, notes: hostRoot ? unwritableBinds(mounts, userNamespace) : []};
}

function userOf({user}: RunOptions, {user: caller}: Allocation): NamedUser {
  return parseUser(user ?? (caller === undefined ? '0:0' : `${caller.uid}:${caller.gid}`));
}

/** Who is the caller inside is somebody there, with the caller's home where that is bound. */
function accountFiles(options: RunOptions, {user: caller}: Allocation): Operation[] {
  if (caller === undefined || options.user !== undefined) return [];
  const own = process.env.HOME ?? '/';
  const bound = options.mounts?.some(({target}) => own === target || own.startsWith(`${target}/`));
  const empty = options.source.kind === 'host' ? `/home/${caller.name}` : (options.workdir ?? '/');
  return nameAccount({...caller, home: bound ? own : empty});
}

function buildRoot(options: RunOptions, builder: Builder, files: OwnFiles): RootContribution {
  const {source} = options;
  switch (source.kind) {
    case 'host':
      return hostView(readHostEntries(), builder, files);
    case 'rootfs':
      return source.overlay
        ? overlayRoot(source.path, builder, files)
        : directoryRoot(source.path, builder, files);
    case 'layers':
      return layersRoot(source.layers, builder, files);
    case 'image':
      throw new MinicontainerError('EIMAGE', `the image ${source.name} has not been made ready`, {
        hint: 'call readyImage first, and run what it returns',
      });
    default:
      return source satisfies never;
  }
}

function ownFilesOf(options: RunOptions, hostname: string): OwnFiles {
  const resolvConf = '/etc/resolv.conf';
  const isolated = (options.network ?? 'none') === 'none';
  if (isolated || !existsSync(resolvConf)) return {hostname};
  return {hostname, resolvConf: readFileSync(resolvConf, 'utf8')};
}

function readHostEntries(): Record<string, HostEntry> {
  const entries: Record<string, HostEntry> = {};
  for (const entry of readdirSync('/', {withFileTypes: true})) {
    if (entry.isDirectory()) entries[entry.name] = {kind: 'directory'};
    else if (entry.isSymbolicLink()) {
      entries[entry.name] = {kind: 'link', target: readlinkSync(`/${entry.name}`)};
    }
  }
  if (isDirectory('/usr/local')) entries['usr/local'] = {kind: 'directory'};
  return entries;
}

function isDirectory(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function pathsToMask(options: RunOptions, allocation: Allocation): readonly string[] {
  const thermal = options.unmask?.includes('ALL') ? [] : thermalPaths();
  return [...thermal, ...secretsToMask(options, allocation), ...(options.mask ?? [])];
}

/** Where ids of the host's system are the container's, they own what the host view shows. */
function secretsToMask(options: RunOptions, {userNamespace}: Allocation): readonly string[] {
  if (options.source.kind !== 'host' || options.privileged === true) return [];
  const {uidMappings = [], gidMappings = []} = userNamespace ?? {};
  const exposed =
    userNamespace === undefined ||
    [...uidMappings, ...gidMappings].some(({hostID}) => hostID < systemIds);
  return exposed ? hostSecrets : [];
}

/** Below are those of root, of the system's services, and of its users (adduser.conf(5)). */
const systemIds = 60_000;

function requireDirectory(path: string): string {
  try {
    const found = statSync(path, {throwIfNoEntry: false});
    if (found === undefined) throw rootError(path, 'is not there');
    if (!found.isDirectory()) throw rootError(path, 'is not a directory');
    if (readdirSync(path).length === 0) throw rootError(path, 'is empty');
    return path;
  } catch (cause) {
    if (cause instanceof MinicontainerError) throw cause;
    throw rootError(path, `cannot be read: ${errnoName(cause)}`, cause);
  }
}

function rootError(path: string, problem: string, cause?: unknown): MinicontainerError {
  return new MinicontainerError('EROOTFS', `the root file system ${path} ${problem}`, {
    cause,
    hint: 'give a directory with a system in it, such as debootstrap or an unpacked image makes',
  });
}

function errnoName(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
