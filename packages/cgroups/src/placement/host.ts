import type {CgroupLayout} from '@minicontainer/plan';

/** A systemd that can be asked for a cgroup, over its D-Bus. */
export interface SystemdManager {
  readonly kind: 'system' | 'user';
  /** The absolute path of busctl(1). */
  readonly busctl: string;
  /** A D-Bus server address, such as `unix:path=/run/dbus/system_bus_socket`. */
  readonly address: string;
  /** The manager's own cgroup: `/` of the system's. */
  readonly cgroup: string;
  /** Controllers that it can hand on. */
  readonly controllers: readonly string[];
}

/** v1: what new levels of the cpuset hierarchy are given, since they inherit nothing. */
export interface InheritedCpuset {
  /** The lowest level above the container's that is there, without a leading slash; empty for the top. */
  readonly level: string;
  readonly cpus: string;
  readonly mems: string;
}

/** What decides where a container's cgroup can be. Gathered at the edge; `placeCgroup` reads nothing. */
export interface CgroupHost {
  readonly layout: CgroupLayout;
  /** Whether the caller may make directories at the top of every hierarchy. */
  readonly writable: boolean;
  /**
   * v2: the top is no true root but the edge of a cgroup namespace, and processes are in it: then it
   * hands on no controllers (cgroups(7), "no internal processes").
   */
  readonly occupied: boolean;
  /**
   * v2, where the top is not writable: the highest level on the way to the container's cgroup that is,
   * without a leading slash.
   */
  readonly writableFrom?: string;
  /** v2: controllers that the top, or that level, has to hand on. */
  readonly controllers: readonly string[];
  readonly cpuset?: InheritedCpuset;
  readonly systemd?: SystemdManager;
}
