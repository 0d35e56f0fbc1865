import {isFrozen, processesOf} from '@minicontainer/cgroups';
import {MinicontainerError} from '@minicontainer/errors';
import type {CgroupContribution, CgroupLocation} from '@minicontainer/plan';

/**
 * Refuses a cgroup that is in use: with the container all that runs in it would be ended, and in a frozen one
 * the container would wait for ever.
 *
 * @throws {MinicontainerError} `ECGROUP`
 */
export function requireUnused({location, freezer}: CgroupContribution): void {
  const {length: found} = processesOf(location);
  if (found > 0) refuse(location, `is not empty: it has processes (${found})`);
  if (freezer && isFrozen(location)) refuse(location, 'is frozen, and nothing would run in it');
}

function refuse(cgroup: CgroupLocation, problem: string): never {
  const path = cgroup.version === 2 ? cgroup.directory : Object.values(cgroup.directories)[0];
  throw new MinicontainerError('ECGROUP', `the cgroup ${path} ${problem}`, {
    hint: 'name one of its own in linux.cgroupsPath, or none: then it is made by the id',
  });
}
