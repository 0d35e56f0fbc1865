import {unescapeOctal} from '../../mounted.ts';

/** A mount as proc_pid_mountinfo(5) tells of it. */
export interface MountEntry {
  readonly place: string;
  /** The part of the file system that is seen there. */
  readonly root: string;
  /** `major:minor` of the file system. */
  readonly device: string;
  readonly type: string;
}

/** @param text of /proc/PID/mountinfo, of a process in the container */
export function parseMounts(text: string): MountEntry[] {
  return text.split('\n').flatMap((line) => {
    const [mount, superblock] = line.split(' - ');
    const [, , device, root, place] = mount?.split(' ') ?? [];
    const [type] = superblock?.split(' ') ?? [];
    if (device === undefined || root === undefined || place === undefined || type === undefined)
      return [];
    return [{place: unescapeOctal(place), root: unescapeOctal(root), device, type}];
  });
}

/** Those of which criu dumps what is in them, or that have nothing in them. */
const dumped = new Set(['proc', 'sysfs', 'tmpfs', 'devpts', 'mqueue', 'cgroup', 'cgroup2']);

/**
 * The places of mounts that come from outside: what is in them belongs to the host, and is there again
 * when the container is restored. What a mount inside shows whole is the container's own.
 */
export function externalMounts(mounts: readonly MountEntry[]): string[] {
  const own = new Set(
    mounts
      .filter(({root, type}) => dumped.has(type) && (root === '/' || type.startsWith('cgroup')))
      .map(({device}) => device),
  );
  return mounts
    .filter(({place, device}) => place !== '/' && !own.has(device))
    .map(({place}) => place);
}
