import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from 'node:fs';
import {dirname} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {compilePlan, type Operation, type Plan} from '@minicontainer/plan';
import {
  type Builder,
  directoryRoot,
  type HostEntry,
  hostSecrets,
  hostView,
  type OwnFiles,
  overlayRoot,
  type RootContribution,
} from '@minicontainer/rootfs';
import type {ProgramCache} from '@minicontainer/seccomp';
import {buildSpec, type Mount, type Spec, type UserNamespace} from '@minicontainer/spec';
import {limit} from './cgroup.ts';
import {controlRequest} from './controls.ts';
import {readHostFacts, thermalPaths} from './host-facts.ts';
import {parseUser} from './identity.ts';
import {limitsOf} from './limits.ts';
import type {MountRequest, RunOptions} from './options.ts';
import {withSystemCallFilter} from './system-calls.ts';

/** What is decided for one container before its plan can be made. */
export interface Allocation {
  readonly id: string;
  /** The container's own, which holds its config.json. */
  readonly directory: string;
  /** The user namespace; without one the container has the host's ids. */
  readonly userNamespace?: UserNamespace;
  /** For what the container writes, where memory cannot hold it. */
  readonly diskDirectory: string;
  readonly ending: readonly Operation[];
}

/** A container, described and planned. */
export interface Prepared {
  readonly spec: Spec;
  readonly plan: Plan;
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
  const hostname = options.hostname ?? allocation.id.slice(0, 12);
  const described = buildSpec({
    args: options.command,
    hostname,
    rootPath: options.source.kind === 'host' ? '/' : requireDirectory(options.source.path),
    mounts: (options.mounts ?? []).map((mount) => toMount(mount, options.privileged ?? false)),
    maskedPaths: pathsToMask(options, allocation),
    network: options.network ?? 'none',
    terminal: options.terminal ?? false,
    readOnlyRoot: options.readOnly ?? false,
    privileged: options.privileged ?? false,
    userNamespace: allocation.userNamespace,
    ...(options.env === undefined ? {} : {env: options.env}),
    ...(options.workdir === undefined ? {} : {cwd: options.workdir}),
    ...(options.capAdd === undefined ? {} : {capAdd: options.capAdd}),
    ...(options.capDrop === undefined ? {} : {capDrop: options.capDrop}),
    noNewPrivileges: options.noNewPrivileges ?? false,
    ...limitsOf(options),
    ...controlRequest(options),
  });
  const host = readHostFacts(described);
  const filtered = withSystemCallFilter(described, options);
  const {spec, cgroup} = limit(filtered, host, allocation.id, options);
  const builder = {
    hostRoot: host.uid === 0,
    userNamespace: allocation.userNamespace !== undefined,
    diskDirectory: allocation.diskDirectory,
    readOnly: options.readOnly ?? false,
  };
  const {root, files} = buildRoot(options, builder, ownFilesOf(options, hostname));
  const plan = compilePlan(spec, host, {
    id: allocation.id,
    bundle: allocation.directory,
    programs,
    init: options.init ?? false,
    makeHome: options.source.kind === 'host',
    startInHome: options.source.kind === 'host' && options.workdir === undefined,
    root,
    files,
    ...(cgroup === undefined ? {} : {cgroup}),
    ending: allocation.ending,
    // Even 0:0 is looked up, for its home and its groups.
    user: parseUser(options.user ?? '0:0'),
  });
  return {spec, plan};
}

function buildRoot(options: RunOptions, builder: Builder, files: OwnFiles): RootContribution {
  const {source} = options;
  if (source.kind === 'host') return hostView(readHostEntries(), builder, files);
  return source.overlay
    ? overlayRoot(source.path, builder, files)
    : directoryRoot(source.path, builder, files);
}

function ownFilesOf(options: RunOptions, hostname: string): OwnFiles {
  const resolvConf = '/etc/resolv.conf';
  if (options.network !== 'host' || !existsSync(resolvConf)) return {hostname};
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

/** With the host's ids, root inside is root of every file that the host view shows. */
function secretsToMask(options: RunOptions, allocation: Allocation): readonly string[] {
  const exposed = options.source.kind === 'host' && allocation.userNamespace === undefined;
  return exposed && options.privileged !== true ? hostSecrets : [];
}

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

function toMount(request: MountRequest, privileged: boolean): Mount {
  if (request.kind === 'tmpfs') {
    return {
      destination: request.target,
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'nodev', 'noexec', ...(request.options ?? [])],
    };
  }
  requireSource(request.source, request.createSource ?? false);
  return {
    destination: request.target,
    type: 'bind',
    source: request.source,
    options: [
      request.recursive === false ? 'bind' : 'rbind',
      request.propagation ?? 'rprivate',
      ...(request.readOnly ? ['rro'] : []),
      ...(privileged || opensDevices(request.source, request.options ?? []) ? [] : ['rnodev']),
      ...(request.options ?? []),
    ],
  };
}

/** Of a directory that somebody else fills, a device file would be the host's device. */
function opensDevices(source: string, options: readonly string[]): boolean {
  return options.includes('dev') || source === '/dev' || source.startsWith('/dev/');
}

function requireSource(source: string, create: boolean): void {
  if (existsSync(source)) return;
  if (!create) {
    throw new MinicontainerError('EMOUNT', `the source of a mount is not there: ${source}`, {
      hint: 'make it first, or use -v, which makes a missing directory',
    });
  }
  try {
    makeDirectories(source);
  } catch (cause) {
    throw new MinicontainerError('EMOUNT', `the source of a mount cannot be made: ${source}`, {
      cause,
      hint: 'make it first, as a user who may',
    });
  }
}

/** mkdirSync's own `recursive` never ends where a directory takes no new ones, as in /proc. */
function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  makeDirectories(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (errnoName(error) !== 'EEXIST') throw error;
  }
}
