import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Running, start} from '../command.ts';
import type {Person} from '../people.ts';

/** A container that runs, and where its cgroup is on the host. */
export interface RunningContainer {
  readonly running: Running;
  /** As the host sees it, `/minicontainer-…`. */
  readonly cgroup: string;
  readonly directory: string;
  /** The supervisor's process id, also where something else was started that asked for it. */
  readonly supervisor: number;
}

/**
 * Starts a small system, copy on write, that runs a script of busybox's; resolves when it has printed
 * `ready`.
 */
export async function startSystem(
  person: Person,
  flags: readonly string[],
  script: string,
): Promise<RunningContainer> {
  const running = start(person, ['minicontainer', ...inSystem(person, flags, script)]);
  await running.printed('ready');
  const {pid, supervisor} = runningContainer();
  const cgroup = cgroupOf(pid);
  return {running, cgroup, directory: join('/sys/fs/cgroup', cgroup), supervisor};
}

/** The one container that runs: its first process, and its supervisor, which a login's process is not. */
export function runningContainer(): {readonly pid: number; readonly supervisor: number} {
  const [pid] = firstProcesses();
  assert.ok(pid !== undefined, 'a container runs');
  return {pid, supervisor: parentOf(parentOf(pid))};
}

/** The words for a script of busybox's in a small system. */
export function inSystem(person: Person, flags: readonly string[], script: string): string[] {
  return ['run', ...flags, '--rootfs', `${join(person.home, 'system')}:O`, 'sh', '-c', script];
}

/** Where a process is, from the top of the host's tree. */
export function cgroupOf(pid: number | 'self'): string {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().replace(/^0::/, '');
}

/** A file of a cgroup, without its last line end. */
export function readCgroup(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8').trimEnd();
}

/** First processes of containers: pid 1 of a pid namespace in another one's. */
function firstProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && /^NSpid:\t\d+\t\d+\t1$/m.test(statusOf(name)))
    .map(Number);
}

/** The keeper's is the supervisor. */
function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(statusOf(String(pid)))?.[1]);
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
