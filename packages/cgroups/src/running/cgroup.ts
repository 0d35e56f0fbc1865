import type {CgroupLocation} from '@minicontainer/plan';

/** Where a container's cgroup is; of version 1 a directory by the kernel's name of each controller. */
export type ContainerCgroup = CgroupLocation;

/** undefined when the container is in no cgroup of this controller. */
export function directoryOf(cgroup: ContainerCgroup, controller: string): string | undefined {
  if (cgroup.version === 2) return cgroup.directory;
  return Object.hasOwn(cgroup.directories, controller) ? cgroup.directories[controller] : undefined;
}
