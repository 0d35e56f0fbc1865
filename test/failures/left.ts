import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {newMounts, readMounts} from '../e2e/harness/leftovers/mounts.ts';
import {newNetworks, readNetworks} from '../e2e/harness/leftovers/networks.ts';
import {newProcesses, readProcesses} from '../e2e/harness/leftovers/processes.ts';
import type {Person} from '../e2e/harness/people.ts';
import {currentHouse, roomOf} from '../e2e/harness/room.ts';

const patienceMs = 1000;
const pauseMs = 5;

/**
 * Tells, as often as it is asked, what is left of a person's containers since it was asked before: a part
 * of what the harness looks for after each test, and quick.
 */
export function watchHost(person: Person): () => Promise<readonly string[]> {
  const {state} = roomOf(person);
  const mounts = readMounts();
  const processes = readProcesses();
  const networks = readNetworks();
  const told = new Set<string>();
  const look = () => {
    const left = newProcesses(processes, currentHouse());
    const all = [
      ...newMounts(mounts).map((mount) => `left the mount ${mount}`),
      ...left.map(({pid, command}) => `left the process ${pid} ${command}`),
      ...newNetworks(networks, left).map((network) => `left the network namespace ${network}`),
      ...stateOf(state).map((file) => `left the file ${file}`),
    ];
    return all.filter((line) => !told.has(line));
  };
  return async () => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const left = look();
      if (left.length === 0) return left;
      if (performance.now() > deadline) {
        for (const line of left) told.add(line);
        return left;
      }
      await sleep(pauseMs);
    }
  };
}

/** Containers and id ranges that are not given back. */
function stateOf(state: string): string[] {
  return ['containers', 'ranges'].flatMap((name) => {
    try {
      return readdirSync(join(state, name)).map((entry) => `${name}/${entry}`);
    } catch {
      return [];
    }
  });
}
