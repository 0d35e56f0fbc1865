/** Where a container's cgroup is: absolute directories. */
export type ContainerCgroup =
  | {readonly version: 2; readonly directory: string}
  /** One directory in each hierarchy, by the kernel's name of its controller. */
  | {readonly version: 1; readonly directories: Readonly<Record<string, string>>};

/** undefined when the container is in no cgroup of this controller. */
export function directoryOf(cgroup: ContainerCgroup, controller: string): string | undefined {
  if (cgroup.version === 2) return cgroup.directory;
  return Object.hasOwn(cgroup.directories, controller) ? cgroup.directories[controller] : undefined;
}
