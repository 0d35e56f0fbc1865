import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {processesOf} from '@minicontainer/cgroups';
import {readCgroup} from './cgroup-record.ts';
import {type Container, notRunning} from './container.ts';

/**
 * Ids of a container's processes, as the caller's pid namespace has them: the members of its cgroup and
 * those below; without a cgroup who is in its pid namespace, or descends from its first process.
 *
 * @throws {MinicontainerError} `ENOTRUNNING` for one that has ended
 */
export function containerProcesses(container: Container): readonly number[] {
  const {id, pid, status} = container;
  if (pid === 0) throw notRunning(id, `is ${status}`);
  const cgroup = readCgroup(container);
  const found = cgroup === undefined ? relatives(pid) : processesOf(cgroup);
  return [...found].sort((one, other) => one - other);
}

function relatives(init: number): readonly number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((name) => [Number(name), parentOf(name)]));
  const namespace = namespaceOf(init);
  const own = namespace !== undefined && namespace !== namespaceOf('self');
  return [...parents.keys()].filter(
    (pid) => descends(pid, init, parents) || (own && namespaceOf(pid) === namespace),
  );
}

function descends(
  pid: number,
  init: number,
  parents: ReadonlyMap<number, number | undefined>,
): boolean {
  for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === init) return true;
  return false;
}

/** The name of a program may hold spaces and brackets. @see proc_pid_stat(5) */
function parentOf(pid: string): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[1]);
  } catch {
    return undefined;
  }
}

function namespaceOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}
