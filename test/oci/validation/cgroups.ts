import {mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** A cgroup of one hierarchy, and how that hierarchy is mounted where nothing else of it shall be seen. */
export interface RoomCgroup {
  readonly directory: string;
  readonly type: 'cgroup' | 'cgroup2';
  readonly options: string;
  /** Its name in /sys/fs/cgroup; `.` for cgroup v2 alone. */
  readonly name: string;
}

interface Mount {
  readonly place: string;
  readonly type: RoomCgroup['type'];
  readonly options: string;
}

/** What mountinfo tells beside a v1 hierarchy's controllers. */
const otherOptions = /^(?:rw|ro|seclabel|xattr|noprefix|clone_children|release_agent=.*)$/;

/** Makes a cgroup of this name in each v1 hierarchy, or in v2's where there is no v1. */
export function makeCgroups(cgroupName: string): readonly RoomCgroup[] {
  const mounts = readMounts();
  const v1 = mounts.filter(({type}) => type === 'cgroup');
  return (v1.length > 0 ? v1 : mounts).map(({place, type, options}) => {
    const directory = join(place, cgroupName);
    mkdirSync(directory);
    // cgroup v1: nothing may run in a cpuset that has no processors.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (type === 'cgroup' && readdirSync(directory).includes(file)) {
        writeFileSync(join(directory, file), readFileSync(join(place, file)));
      }
    }
    return {directory, type, options, name: type === 'cgroup2' ? '.' : nameOf(place)};
  });
}

/** Removes them with all that runtimes have left below. */
export function removeCgroups(cgroups: readonly RoomCgroup[]): void {
  for (const {directory} of cgroups) removeTree(directory);
}

/** The same, of those directly below the top whose names are meant; what still runs in one stays. */
export function removeCgroupsNamed(isMeant: (name: string) => boolean): void {
  for (const {place} of readMounts()) {
    for (const name of readdirSync(place).filter(isMeant)) {
      try {
        removeTree(join(place, name));
      } catch {
        // Its program has not ended yet.
      }
    }
  }
}

function readMounts(): Mount[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line): Mount[] => {
      const [before = '', after = ''] = line.split(' - ');
      const place = before.split(' ')[4] ?? '';
      const [type, , superOptions = ''] = after.split(' ');
      if (!place.startsWith('/sys/fs/cgroup')) return [];
      if (type === 'cgroup2') return [{place, type, options: 'nosuid'}];
      if (type !== 'cgroup') return [];
      const wanted = superOptions.split(',').filter((option) => !otherOptions.test(option));
      const options = wanted.some((option) => option.startsWith('name=')) ? ['none'] : [];
      return [{place, type, options: [...options, ...wanted].join(',')}];
    });
}

function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

function removeTree(directory: string): void {
  for (const entry of readdirSync(directory, {withFileTypes: true})) {
    if (entry.isDirectory()) removeTree(join(directory, entry.name));
  }
  rmdirSync(directory);
}
