import {setTimeout as sleep} from 'node:timers/promises';
import {currentHouse} from '../room.ts';
import {newCgroups, readCgroups} from './cgroups.ts';
import {newFiles, readPublicFiles} from './files.ts';
import {newMounts, readMounts} from './mounts.ts';
import {newNetworks, readNetworks} from './networks.ts';
import {newProcesses, type Processes, readProcesses} from './processes.ts';

/** What was on the host before a test. */
export interface Snapshot {
  readonly mounts: ReadonlySet<string>;
  readonly processes: Processes;
  readonly cgroups: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

export function takeSnapshot(): Snapshot {
  return {
    mounts: readMounts(),
    processes: readProcesses(),
    cgroups: readCgroups(),
    networks: readNetworks(),
    files: readPublicFiles(),
  };
}

/**
 * What a test has left on the host: mounts, processes, cgroups, network namespaces, files; one line each.
 *
 * @param patienceMs how long the kernel may take to end what is ending
 * @param isExpected what may stay, as it is told
 */
export async function leftoversSince(
  before: Snapshot,
  patienceMs = 2000,
  isExpected: (line: string) => boolean = () => false,
): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  let left = findLeftovers(before).filter((line) => !isExpected(line));
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(20);
    // What comes and goes is that of other tests.
    const now = findLeftovers(before);
    left = left.filter((line) => now.includes(line));
  }
  return left;
}

function findLeftovers(before: Snapshot): string[] {
  const processes = newProcesses(before.processes, currentHouse());
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  return [
    ...newMounts(before.mounts).map((mount) => `mount ${mount}`),
    ...processes.map(({pid, parent, command}) => `process ${pid} ${command}, child of ${parent}`),
    ...newCgroups(before.cgroups, byPid).map((path) => `cgroup ${path}`),
    ...newNetworks(before.networks, processes).map((network) => `network namespace ${network}`),
    ...newFiles(before.files).map((path) => `file ${path}`),
  ];
}
