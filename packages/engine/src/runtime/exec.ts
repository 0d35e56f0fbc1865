import {readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {compileExec, decodePlan, encodePlan} from '@minicontainer/plan';
import type {NamespaceType, Spec} from '@minicontainer/spec';
import {explainState} from '../container-directory.ts';
import {filterCache} from '../filter-cache.ts';
import {readHostFacts} from '../host-facts.ts';
import {
  type Container,
  notRunning,
  type ProcessIdentity,
  readContainer,
  readContainerSpec,
  readInit,
} from './container.ts';
import {checkTerminal} from './create.ts';
import {findCgroup} from './exec-cgroup.ts';
import {type ExecRequest, processOf} from './exec-process.ts';

/** Another process for a container. */
export interface ExecOptions extends ExecRequest {
  readonly id: string;
  /** The directory of all of the runtime's containers. */
  readonly root: string;
  /** Cgroups below the container's: a path, or one for each `controller:path`. */
  readonly cgroups: readonly string[];
  /** Nobody of ours waits for its end. */
  readonly detach: boolean;
  /** It may wait with the others until the container is resumed. */
  readonly ignorePaused: boolean;
  readonly consoleSocket?: string | undefined;
  readonly pidFile?: string | undefined;
  readonly preservedFds: number;
  /** Where filters of system calls are kept as they were compiled; unless said, nowhere. */
  readonly cache?: string | undefined;
}

/**
 * Decides about another process of a container and writes down what nsexec is to do.
 *
 * @returns the path of its plan, which is to be removed when it is read
 * @throws {MinicontainerError} `ENOCONTAINER`, `ENOTRUNNING`, `EPAUSED`, or what is wrong with the process
 */
export function planExec(options: ExecOptions): string {
  const container = readContainer(options.root, options.id);
  requireRunning(container, options.ignorePaused);
  const init = readInit(container);
  const spec = readContainerSpec(container);
  const process = processOf(spec, options);
  checkTerminal({process}, options);
  const plan = readPlan(container);
  const {detach, consoleSocket, pidFile, preservedFds} = options;
  const compiled = compileExec(
    {
      ...{id: options.id, bundle: container.state.bundle, spec, init},
      namespaces: namespacesOf(container.id, init),
      cgroup: findCgroup(plan, readMemberships(container.id, init), options.cgroups),
    },
    process,
    readHostFacts(withoutFiles({...spec, process})),
    {
      ...{detach, preservedFds},
      sameKeyring: !plan.some(({op}) => op === 'joinKeyring'),
      ...(consoleSocket !== undefined && {consoleSocket}),
      ...(pidFile !== undefined && {pidFile}),
      ...(options.cache && {programs: filterCache(options.cache)}),
    },
  );
  return writePlan(container, encodePlan(compiled));
}

function requireRunning({id, status}: Container, ignorePaused: boolean): void {
  if (status === 'stopped' || status === 'creating') throw notRunning(id, `is ${status}`);
  if (status !== 'paused' || ignorePaused) return;
  throw new MinicontainerError('EPAUSED', `container "${id}" is paused: a process would wait`, {
    hint: `resume it: minicontainer-oci resume ${id}; or let the process wait: --ignore-paused`,
  });
}

/** What stands in it of cgroups and keys holds for every process of the container. */
function readPlan({directory}: Container) {
  return decodePlan(readFileSync(join(directory, 'plan'))).operations;
}

const linkNames = {
  user: 'user',
  mount: 'mnt',
  pid: 'pid',
  network: 'net',
  ipc: 'ipc',
  uts: 'uts',
  cgroup: 'cgroup',
  time: 'time',
} as const satisfies Record<NamespaceType, string>;
const namespaceTypes: readonly NamespaceType[] = [
  ...(['user', 'mount', 'pid', 'network', 'ipc', 'uts', 'cgroup', 'time'] as const),
];

/** Those that we are not in ourselves: the kernel knows better than the spec, which we may read elsewhere. */
function namespacesOf(id: string, {pid}: ProcessIdentity): NamespaceType[] {
  try {
    return namespaceTypes.filter((type) => {
      const own = linkOf('self', type);
      return own !== undefined && own !== linkOf(pid, type);
    });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'ENOENT' || code === 'ESRCH') throw notRunning(id, 'has ended');
    throw new MinicontainerError(
      'ENAMESPACE',
      `process ${pid} of "${id}" is out of reach: ${code}`,
      {
        cause,
        hint: 'only root looks into a container that waits to be started, or is of another user',
      },
    );
  }
}

function readMemberships(id: string, {pid}: ProcessIdentity): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    throw notRunning(id, 'has ended');
  }
}

/** Undefined: of a kind that this kernel has not. */
function linkOf(process: number | 'self', type: NamespaceType): string | undefined {
  try {
    return readlinkSync(`/proc/${process}/ns/${linkNames[type]}`);
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (process === 'self' && isMissing) return undefined;
    throw cause;
  }
}

/** Nothing is mounted: what the host has of it is of no interest. */
function withoutFiles(spec: Spec): Spec {
  const {mounts: _mounts, ...rest} = spec;
  const {
    devices: _devices,
    namespaces: _namespaces,
    intelRdt: _classes,
    ...linux
  } = spec.linux ?? {};
  return {...rest, linux};
}

function writePlan({directory}: Container, plan: Uint8Array): string {
  const path = join(directory, `exec-${process.pid}.plan`);
  try {
    writeFileSync(path, plan, {mode: 0o600, flag: 'wx'});
    return path;
  } catch (cause) {
    throw explainState(cause, path);
  }
}
