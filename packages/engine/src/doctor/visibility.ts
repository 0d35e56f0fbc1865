import {type Check, good, missing, warning} from './check.ts';
import {readOptional} from './read.ts';

/** Whether the kernel lets containers mount a /proc and a /sys of their own. */
export function checkVisibility(): Check[] {
  const mounts = readOptional('/proc/self/mountinfo') ?? '';
  return [judgeVisibility('proc', mounts), judgeVisibility('sysfs', mounts)];
}

interface Mount {
  readonly id: string;
  readonly parent: string;
  readonly root: string;
  readonly place: string;
  readonly readOnly: boolean;
  readonly type: string;
}

/** Directories that are made to be mounted on, and hold nothing that could be uncovered. */
const empty = {
  proc: /^\/(sys\/fs\/binfmt_misc|fs\/nfsd|openprom)$/,
  sysfs:
    /^\/(fs\/(cgroup|bpf|fuse\/connections|pstore|selinux|smackfs|resctrl)|kernel\/(config|debug|tracing|security)|firmware\/efi\/efivars|hypervisor)$/,
} as const;

const places = {proc: '/proc', sysfs: '/sys'} as const;

/**
 * A user namespace mounts one only while it sees another of which nothing is covered and which is
 * writable, else what an administrator has covered would come to light.
 *
 * @param mountinfo contents of /proc/self/mountinfo
 * @see mount_namespaces(7), "Restrictions on mount namespaces"
 */
export function judgeVisibility(type: 'proc' | 'sysfs', mountinfo: string): Check {
  const name = `a new ${places[type]}`;
  const mounts = mountinfo.split('\n').flatMap(parseMount);
  const found = mounts.filter((mount) => mount.type === type && mount.root === '/');
  const covers = found.map((mount) => coverOf(mount, mounts, empty[type]));
  if (covers.includes(undefined)) return good(name, 'can be mounted');
  const why = covers.find((cover) => cover !== undefined) ?? `no ${type} is mounted whole`;
  const fix = `start the container around this one with --security-opt unmask=all (podman), or: mount -t ${type} ${type} /mnt`;
  return type === 'proc'
    ? missing(name, `EPERM in a user namespace: ${why}`, fix)
    : warning(name, `EPERM in a user namespace: ${why}: containers may have none`, fix);
}

/** What keeps a mount from standing for a new one. */
function coverOf(own: Mount, mounts: readonly Mount[], harmless: RegExp): string | undefined {
  if (own.readOnly) return `${own.place} is read-only`;
  const covering = mounts.find(
    ({parent, place}) => parent === own.id && !harmless.test(place.slice(own.place.length)),
  );
  return covering === undefined ? undefined : `${covering.place} is covered`;
}

function parseMount(line: string): Mount[] {
  const [mount, superblock] = line.split(' - ');
  const [id, parent, , root, place, options] = mount?.split(' ') ?? [];
  const type = superblock?.split(' ')[0];
  if (id === undefined || parent === undefined || root === undefined) return [];
  if (place === undefined || options === undefined || type === undefined) return [];
  return [{id, parent, root, place, readOnly: options.split(',').includes('ro'), type}];
}
