import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {CgroupContribution, CgroupLocation, SystemdUnit} from '@minicontainer/plan';
import type {Container} from './container.ts';

/** Of a container's directory. */
export const cgroupFile = 'cgroup';

/** What is written down of a container's cgroup when it is made; `{}` where it has none. */
export function recordCgroup(cgroup: CgroupContribution | undefined): string {
  const record: CgroupRecord = cgroup === undefined ? {} : pick(cgroup);
  return JSON.stringify(record);
}

interface CgroupRecord {
  /** Absent where it has none. */
  readonly location?: CgroupLocation;
  /** Absent where systemd has not made it. */
  readonly unit?: SystemdUnit;
}

function pick({location, unit}: CgroupContribution): CgroupRecord {
  return {location, ...(unit && {unit})};
}

export function readCgroupRecord({directory}: Container): CgroupRecord {
  return JSON.parse(readFileSync(join(directory, cgroupFile), 'utf8'));
}

/** undefined where the container has no cgroup of its own. */
export function readCgroup(container: Container): CgroupLocation | undefined {
  return readCgroupRecord(container).location;
}
