import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import {
  freeze,
  isFrozen,
  killAll,
  processesOf,
  readStats,
  thaw,
  updateResources,
} from '@minicontainer/cgroups';
import {type Check, check} from '../check.ts';
import {root} from '../people.ts';
import {readCgroup, startSystem} from './container.ts';

/** What can be done to a container that runs, by its cgroup alone. */
export function runningOnes(): Check {
  return check('a container that runs is measured, limited anew, frozen and ended', async () => {
    const spin = 'echo ready; while :; do :; done';
    const {running, directory} = await startSystem(root, ['-m', '64m', '--cpus', '0.5'], spin);
    const cgroup = {version: 2, directory} as const;
    const cpu = () => readStats(cgroup).cpu?.usageMicroseconds ?? 0;

    const {memory, pids} = readStats(cgroup);
    assert.equal(memory?.limitBytes, 64 << 20);
    assert.ok((memory?.usageBytes ?? 0) > 0);
    assert.equal(pids?.current, 1);

    updateResources(cgroup, {memory: {limit: 96 << 20}, pids: {limit: 12}});
    assert.equal(readCgroup(directory, 'memory.max'), `${96 << 20}`);
    assert.equal(readCgroup(directory, 'pids.max'), '12');

    await freeze(cgroup);
    assert.ok(isFrozen(cgroup));
    const stopped = cpu();
    await sleep(500);
    assert.equal(cpu(), stopped, 'what is frozen uses no CPU');
    thaw(cgroup);
    await sleep(500);
    assert.ok(cpu() > stopped, 'it goes on');

    await killAll(cgroup);
    assert.deepEqual(processesOf(cgroup), []);
    assert.equal((await running.result).status, 137);
  });
}
