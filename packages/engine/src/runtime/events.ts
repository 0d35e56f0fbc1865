import {setTimeout as sleep} from 'node:timers/promises';
import {countOutOfMemory, readUsage, toJson} from '@minicontainer/cgroups';
import {readCgroup} from './cgroup-record.ts';
import {type Container, notRunning, readContainer} from './container.ts';

/** How soon an event of memory is told: the kernel's own notice takes a descriptor that Node has not. */
const pollMs = 100;

/**
 * What a container uses, as a line of JSON.
 *
 * @throws {MinicontainerError} `ENOTRUNNING`
 */
export function statsEvent(container: Container): string {
  const {id, pid, status} = container;
  if (pid === 0) throw notRunning(id, `is ${status}`);
  return `${toJson({type: 'stats', id, data: readUsage(readCgroup(container))})}\n`;
}

/**
 * Tells a container's events until it ends: what it uses, and that memory ran out.
 *
 * @param intervalMs between two lines of what it uses
 */
export async function followEvents(
  root: string,
  id: string,
  intervalMs: number,
  tell: (line: string) => void,
): Promise<void> {
  let container = readContainer(root, id);
  if (container.pid === 0) throw notRunning(id, `is ${container.status}`);
  const cgroup = readCgroup(container);
  const killed = () => (cgroup === undefined ? 0n : countOutOfMemory(cgroup));
  let [known, next] = [killed(), Date.now() + intervalMs];
  for (;;) {
    await sleep(Math.min(pollMs, intervalMs));
    for (const now = killed(); known < now; known++) tell(`${toJson({type: 'oom', id})}\n`);
    if (!isAlive(container.pid)) {
      container = look(root, id) ?? {...container, pid: 0};
      if (container.pid === 0) return;
    }
    if (Date.now() < next) continue;
    tell(statsEvent(container));
    next += intervalMs;
  }
}

/** Whether it may be: the native program knows for sure. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** undefined when it has been deleted. */
function look(root: string, id: string): Container | undefined {
  try {
    return readContainer(root, id);
  } catch {
    return undefined;
  }
}
