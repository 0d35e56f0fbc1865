import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {CgroupContribution, CgroupLocation} from '@minicontainer/plan';
import type {Container} from './container.ts';

/** Of a container's directory. */
export const cgroupFile = 'cgroup';

/** What is written down of a container's cgroup when it is made; `{}` where it has none. */
export function recordCgroup(cgroup: CgroupContribution | undefined): string {
  return JSON.stringify(cgroup === undefined ? {} : {location: cgroup.location});
}

/** undefined where the container has no cgroup of its own. */
export function readCgroup({directory}: Container): CgroupLocation | undefined {
  const record: {location?: CgroupLocation} = JSON.parse(
    readFileSync(join(directory, cgroupFile), 'utf8'),
  );
  return record.location;
}
