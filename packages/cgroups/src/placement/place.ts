import {MinicontainerError} from '@minicontainer/errors';
import type {CgroupHierarchy} from '@minicontainer/plan';
import type {CgroupHost, InheritedCpuset, SystemdManager} from './host.ts';
import {checkParent, isSlice, slicePath} from './parent.ts';

/** Where a container's cgroup is made. Paths are below the top of a hierarchy, without a leading slash. */
export type Placement =
  | {readonly kind: 'none'; readonly reason: string; readonly fix: string}
  | {
      readonly kind: 'v1';
      readonly path: string;
      readonly hierarchies: readonly CgroupHierarchy[];
      readonly cpuset?: InheritedCpuset;
    }
  | {
      readonly kind: 'v2';
      readonly path: string;
      readonly controllers: readonly string[];
      /** The level from which on its cgroups are the caller's; the top unless said. */
      readonly from?: string;
    }
  | {
      /** In a scope that systemd makes; the supervisor has a part of it of its own, or stays outside. */
      readonly kind: 'scope';
      readonly around?: 'container';
      readonly path: string;
      readonly unit: string;
      readonly slice: string;
      readonly controllers: readonly string[];
      readonly manager: SystemdManager;
    };

export interface PlacementRequest {
  /** Of the cgroup itself, such as `minicontainer-<id>`. */
  readonly name: string;
  /** A cgroup, made where it is missing; with systemd also a slice, such as `machine.slice`. */
  readonly parent?: string;
  readonly disabled?: boolean;
  /** Who makes it, whatever the host has; without it `placeCgroup` chooses. */
  readonly driver?: 'cgroupfs' | SystemdDriver;
}

/** A scope around the container alone. */
export interface SystemdDriver {
  /** As `slicePath` takes it. */
  readonly slice: string;
}

/** Where cgroup2, or the hierarchies of v1, are mounted. */
export const cgroupTop = '/sys/fs/cgroup';

/**
 * Chooses the driver, unless it is asked for, by what the host has: systemd where it runs on cgroup v2,
 * since it owns the tree there; else the caller's own hands.
 *
 * @throws {MinicontainerError} `ECGROUP` for a parent that cannot be one
 */
export function placeCgroup(
  host: CgroupHost,
  {name, parent, disabled, driver}: PlacementRequest,
): Placement {
  const slice = typeof driver === 'object' ? driver.slice : '';
  if (slice !== '') checkParent(slice);
  if (parent !== undefined) checkParent(parent, driver === undefined);
  if (disabled) {
    return {kind: 'none', reason: 'cgroups are disabled', fix: 'leave out --cgroups disabled'};
  }
  const {layout, systemd} = host;
  if (typeof driver === 'object')
    return {...placeScope(host, name, driver.slice), around: 'container'};
  if (driver === undefined && systemd !== undefined && (parent === undefined || isSlice(parent))) {
    return placeScope(host, name, parent);
  }
  if (driver === undefined && parent !== undefined && isSlice(parent)) {
    throw new MinicontainerError('ECGROUP', `${parent} is a slice of systemd, which is not here`, {
      hint: 'name a cgroup instead, such as --cgroup-parent /containers',
    });
  }
  if (layout.version === 0) {
    return {
      kind: 'none',
      reason: 'no cgroups are mounted',
      fix: `mount -t cgroup2 cgroup2 ${cgroupTop}`,
    };
  }
  if (!host.writable && host.writableFrom === undefined) return notWritable(layout.version);
  const path = [...(parent ?? '').split('/').filter((part) => part !== ''), name].join('/');
  if (layout.version === 1) {
    const {cpuset} = host;
    const {hierarchies} = layout;
    return {kind: 'v1', path, hierarchies, ...(cpuset === undefined ? {} : {cpuset})};
  }
  if (host.occupied && host.writableFrom === undefined) {
    return {
      kind: 'none',
      reason: `processes are in ${cgroupTop} itself, which then hands on no controllers`,
      fix: `move them into a cgroup below it: mkdir ${cgroupTop}/init && xargs -n1 < ${cgroupTop}/cgroup.procs > ${cgroupTop}/init/cgroup.procs`,
    };
  }
  const from = host.writableFrom;
  return {kind: 'v2', path, controllers: host.controllers, ...(from !== undefined && {from})};
}

function placeScope({systemd}: CgroupHost, name: string, wanted: string | undefined) {
  if (systemd === undefined) {
    throw new MinicontainerError(
      'ECGROUP',
      'systemd not running on this host, cannot use systemd cgroups manager',
      {hint: 'leave out --systemd-cgroup; for a plain user there must be a login of its own'},
    );
  }
  const slice = wanted || (systemd.kind === 'user' ? 'user.slice' : 'machine.slice');
  const unit = `${name}.scope`;
  const top = systemd.cgroup.replace(/^\/+|\/+$/g, '');
  const path = [top, slicePath(slice), unit].filter((part) => part !== '').join('/');
  const {controllers} = systemd;
  return {kind: 'scope', path, unit, slice, controllers, manager: systemd} as const;
}

function notWritable(version: 1 | 2): Placement {
  const reason = `the caller may make no cgroups in ${cgroupTop}`;
  return version === 1
    ? {
        kind: 'none',
        reason: `${reason}: with cgroup v1 only root may`,
        fix: 'run as root, or boot with cgroup v2: systemd.unified_cgroup_hierarchy=1',
      }
    : {
        kind: 'none',
        reason,
        fix: 'log in so that systemd --user runs and XDG_RUNTIME_DIR is set (apt-get install systemd dbus-user-session; loginctl enable-linger), or run as root',
      };
}
