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
 * A user namespace mounts one only while it sees another of which nothing is covered, and which can be
 * written where the new one shall be: what an administrator has covered would come to light. The /sys of
 * a container is read-only.
 *
 * @param mountinfo contents of /proc/self/mountinfo
 * @see mount_namespaces(7), "Restrictions on mount namespaces"
 */
export function judgeVisibility(type: 'proc' | 'sysfs', mountinfo: string): Check {
  const name = `a new ${places[type]}`;
  const mounts = mountinfo.split('\n').flatMap(parseMount);
  const found = mounts.filter((mount) => mount.type === type && mount.root === '/');
  const covers = found.map((mount) => coverOf(mount, mounts));
  if (covers.includes(undefined)) return good(name, 'can be mounted');
  const why = covers.find((cover) => cover !== undefined) ?? `no ${type} is mounted whole`;
  const refused = `EPERM in a user namespace, as ${why}`;
  return type === 'proc'
    ? missing(name, refused, fix)
    : warning(
        name,
        `${refused}: containers see the host's and its network devices, read-only`,
        fix,
      );
}

const fix =
  'start the container around this one with --security-opt systempaths=unconfined (docker) or unmask=ALL (podman)';

/** What keeps a mount from standing for a new one. */
function coverOf(own: Mount, mounts: readonly Mount[]): string | undefined {
  if (own.readOnly && own.type === 'proc') return `${own.place} is read-only`;
  const harmless = empty[own.type === 'proc' ? 'proc' : 'sysfs'];
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
