import {setTimeout as sleep} from 'node:timers/promises';
import {MinicontainerError} from '@minicontainer/errors';
import {type ContainerCgroup, directoryOf} from './cgroup.ts';
import {errnoNameOf, readCgroupFile, withDescendants, writeCgroupFile} from './files.ts';
import {freeze, thaw} from './freeze.ts';

/**
 * Ends every process of a container, and of the cgroups that it made below its own; resolves when none
 * is left. Nothing escapes by forking: the kernel kills them together, or they stand still meanwhile.
 *
 * @throws {MinicontainerError} `EKILL` when one is left after `timeoutMs`, or may not be killed
 * @see cgroup-v2.rst `cgroup.kill`, Linux 5.14
 */
export async function killAll(cgroup: ContainerCgroup, timeoutMs = 10_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  const atOnce = killAtOnce(cgroup);
  for (let round = 1; ; round++) {
    const left = processesOf(cgroup);
    if (left.length === 0) return;
    if (Date.now() > until) {
      throw new MinicontainerError('EKILL', `processes ${left.join(', ')} have not ended`, {
        hint: 'a process that waits for a disk or a network file system ends when that answers',
      });
    }
    if (!atOnce) await killFrozen(cgroup, until - Date.now());
    await sleep(Math.min(round, 10));
  }
}

/** Ids of the processes in a container's cgroup and below, as this process sees them. */
export function processesOf(cgroup: ContainerCgroup): number[] {
  const tops = cgroup.version === 2 ? [cgroup.directory] : Object.values(cgroup.directories);
  const found = new Set<number>();
  for (const directory of tops.flatMap(existing)) {
    for (const pid of listed(directory)) found.add(pid);
  }
  return [...found];
}

function existing(directory: string): string[] {
  try {
    return withDescendants(directory);
  } catch (error) {
    if (errnoNameOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function listed(directory: string): number[] {
  const pids = readCgroupFile(directory, 'cgroup.procs') ?? '';
  // 0 is a process that this pid namespace does not have.
  return pids
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Whether the kernel did it. */
function killAtOnce(cgroup: ContainerCgroup): boolean {
  if (cgroup.version === 1) return false;
  try {
    writeCgroupFile(cgroup.directory, 'cgroup.kill', '1');
    return true;
  } catch (error) {
    // Before 5.14; or the cgroup is gone, and so are its processes.
    if (['ENOENT', 'ENODEV'].includes(errnoNameOf(error))) return false;
    throw killError(error);
  }
}

/** SIGKILL waits for the thaw, and until then no id can be another process's. */
async function killFrozen(cgroup: ContainerCgroup, timeoutMs: number): Promise<void> {
  const freezes = directoryOf(cgroup, 'freezer') !== undefined;
  if (freezes) await freeze(cgroup, timeoutMs).catch(() => undefined);
  try {
    for (const pid of processesOf(cgroup)) kill(pid);
  } finally {
    if (freezes) thawWhatIsThere(cgroup);
  }
}

/** With its last process a cgroup may be gone. */
function thawWhatIsThere(cgroup: ContainerCgroup): void {
  try {
    thaw(cgroup);
  } catch (error) {
    if (processesOf(cgroup).length > 0) throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errnoNameOf(error) !== 'ESRCH') throw killError(error);
  }
}

function killError(cause: unknown): MinicontainerError {
  const message = `the processes of a container cannot be ended: ${errnoNameOf(cause)}`;
  return new MinicontainerError('EKILL', message, {cause, hint: 'be root, or who started it'});
}
