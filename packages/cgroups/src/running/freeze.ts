import {setTimeout as sleep} from 'node:timers/promises';
import {MinicontainerError} from '@minicontainer/errors';
import {type ContainerCgroup, directoryOf} from './cgroup.ts';
import {errnoNameOf, readCgroupFile, readTable, writeCgroupFile} from './files.ts';

/**
 * Stops every process of a container where it stands; resolves when all of them do.
 *
 * @param timeoutMs how long to wait for a process that cannot be stopped yet, such as one that reads
 *   from a disk; then all of them go on
 * @throws {MinicontainerError} `EFREEZE` when they did not stop in time, or nothing can stop them
 * @see cgroup-v2.rst `cgroup.freeze`, freezer-subsystem.rst of cgroup-v1
 */
export async function freeze(cgroup: ContainerCgroup, timeoutMs = 10_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  write(cgroup, true);
  for (let round = 1; !isFrozen(cgroup); round++) {
    if (Date.now() > until) {
      write(cgroup, false);
      throw new MinicontainerError(
        'EFREEZE',
        `the processes in ${freezer(cgroup)} did not stop within ${timeoutMs / 1000} s`,
        {hint: 'one of them waits for a disk or a network file system; they all go on now'},
      );
    }
    // v1 gives up halfway where processes keep being born: begin anew, now and then from the start.
    if (cgroup.version === 1 && round % 50 === 0) write(cgroup, false);
    if (cgroup.version === 1) write(cgroup, true);
    await sleep(Math.min(round, 10));
  }
}

/** Lets every process of a container go on. @throws {MinicontainerError} `EFREEZE` */
export function thaw(cgroup: ContainerCgroup): void {
  write(cgroup, false);
}

/** Whether all of its processes stand still; also when a cgroup above it is frozen. */
export function isFrozen(cgroup: ContainerCgroup): boolean {
  const directory = freezer(cgroup);
  return cgroup.version === 2
    ? readTable(directory, 'cgroup.events').get('frozen') === 1
    : readCgroupFile(directory, 'freezer.state')?.trim() === 'FROZEN';
}

function write(cgroup: ContainerCgroup, frozen: boolean): void {
  const directory = freezer(cgroup);
  const [file, value] =
    cgroup.version === 2
      ? ['cgroup.freeze', frozen ? '1' : '0']
      : ['freezer.state', frozen ? 'FROZEN' : 'THAWED'];
  try {
    writeCgroupFile(directory, file, value);
  } catch (cause) {
    const errno = errnoNameOf(cause);
    const hint =
      errno === 'ENOENT' ? 'the container has ended, or the kernel is older than 5.2' : undefined;
    throw new MinicontainerError('EFREEZE', `${directory}/${file} cannot be written: ${errno}`, {
      cause,
      ...(hint !== undefined && {hint}),
    });
  }
}

function freezer(cgroup: ContainerCgroup): string {
  const directory = directoryOf(cgroup, 'freezer');
  if (directory !== undefined) return directory;
  throw new MinicontainerError('EFREEZE', 'the container is in no cgroup of the freezer', {
    hint: 'mount the freezer hierarchy, or use cgroup v2, and start it again',
  });
}
