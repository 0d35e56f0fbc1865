import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {findNsexec} from '@minicontainer/nsexec';
import type {Spec} from '@minicontainer/spec';

export type ContainerStatus = 'creating' | 'created' | 'running' | 'paused' | 'stopped';

/** A container that is there, as its directory and the kernel tell of it. */
export interface Container {
  readonly id: string;
  /** Of its files, an absolute path. */
  readonly directory: string;
  readonly status: ContainerStatus;
  /** Its first process; 0 when that has ended. */
  readonly pid: number;
  /** The whole state, as `state` prints it. */
  readonly state: ContainerState;
}

/** @see OCI runtime spec, runtime.md, "State" */
export interface ContainerState {
  readonly ociVersion: string;
  readonly id: string;
  readonly status: ContainerStatus;
  readonly pid: number;
  readonly bundle: string;
  readonly rootfs?: string;
  readonly created?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A process that no other is taken for: a pid is given away again, but not with the same start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of proc_pid_stat(5): ticks since the machine started. */
  readonly startTime: bigint;
}

/**
 * Looks at a container. The native program says what it is: one place that knows how status is derived.
 *
 * @param root the directory of all of the runtime's containers
 * @throws {MinicontainerError} `ENOCONTAINER` when there is none of this id
 */
export function readContainer(root: string, id: string): Container {
  const {status, stdout, stderr, error} = spawnSync(
    findNsexec(),
    ['--oci', '-', '--root', root, 'state', id],
    {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']},
  );
  if (error !== undefined || status !== 0) {
    const said = error?.message ?? stderr.trim().replace(/^minicontainer-oci: /, '');
    throw new MinicontainerError('ENOCONTAINER', said || `container "${id}" cannot be looked at`);
  }
  const state: ContainerState = JSON.parse(stdout);
  return {id, directory: join(root, id), status: state.status, pid: state.pid, state};
}

/**
 * Its first process, as it was written down when it was made.
 *
 * @throws {MinicontainerError} `ENOTRUNNING` when none was
 */
export function readInit({id, directory}: Container): ProcessIdentity {
  const [pid, startTime] = readText(id, join(directory, 'init')).split(' ');
  if (!pid || !startTime) throw notRunning(id, 'has no process');
  return {pid: Number(pid), startTime: BigInt(startTime)};
}

/** The spec that it was made of, with what its cgroup was given. */
export function readContainerSpec({id, directory}: Container): Spec {
  const spec: Spec = JSON.parse(readText(id, join(directory, 'config.json')));
  return spec;
}

/** @param what of the container, as the rest of a sentence */
export function notRunning(id: string, what: string): MinicontainerError {
  return new MinicontainerError('ENOTRUNNING', `container not running: "${id}" ${what}`);
}

function readText(id: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MinicontainerError('ENOCONTAINER', `container "${id}" does not exist: ${path}`, {
      cause,
    });
  }
}
