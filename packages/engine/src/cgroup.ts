import {
  type CgroupRequest,
  type CgroupVersion,
  compileDeviceFilter,
  contributeCgroup,
  defaultDeviceRules,
  deviceEntries,
  type Placement,
  placeCgroup,
  resourceWrites,
} from '@minicontainer/cgroups';
import type {CgroupContribution, HostFacts} from '@minicontainer/plan';
import {defaultResources, type Resources, type Spec} from '@minicontainer/spec';
import {readCgroupHost} from './cgroup-host.ts';
import type {RunOptions} from './options.ts';

/** A spec with what its cgroup can give, and the operations that give it. */
export interface Limited {
  readonly spec: Spec;
  readonly cgroup?: CgroupContribution;
}

const nobody = 65_534;

/**
 * Finds a place for the container's cgroup and has its limits set there, besides the defaults. Where there
 * is none, and nothing was asked for that needs one, the container has no limits.
 *
 * @throws {MinicontainerError} `ECGROUP` for a limit that was asked for and cannot be had here
 */
export function limit(spec: Spec, host: HostFacts, id: string, options: RunOptions): Limited {
  const {cgroupParent: parent} = options;
  // Root of a user namespace is nobody to the host's systemd, and filters no devices.
  const uid = host.uid === 0 && host.nested ? nobody : host.uid;
  const placement = placeCgroup(readCgroupHost(host.cgroup, uid, parent), {
    id,
    ...(parent === undefined ? {} : {parent}),
    disabled: options.cgroups === 'disabled',
  });
  const asked = spec.linux?.resources ?? {};
  const resources = withDefaults(asked, options);
  const cgroup = contributeCgroup(placement, {
    ...requestOf(asked, resources, placement.kind === 'v1' ? 1 : 2, uid),
    ...(resources.memory?.limit ? {memoryBytes: resources.memory.limit} : {}),
  });
  if (cgroup === undefined) return {spec};
  const linux = {...spec.linux, resources, cgroupsPath: pathOf(placement, id)};
  return {spec: {...spec, linux}, cgroup};
}

function withDefaults(asked: Resources, {privileged}: RunOptions): Resources {
  const devices = [{allow: privileged === true, access: 'rwm'}, ...(asked.devices ?? [])];
  return {...defaultResources, ...asked, devices};
}

function requestOf(
  asked: Resources,
  resources: Resources,
  version: CgroupVersion,
  uid: number,
): CgroupRequest {
  const {devices = [], ...limits} = resources;
  // A plain user's container can make none, and its kernel lets a plain user filter none.
  const rules = uid === 0 ? [...devices, ...defaultDeviceRules] : undefined;
  const writes = [
    ...resourceWrites(limits, version),
    ...(rules && version === 1 ? deviceEntries(rules) : []),
  ];
  const needed = new Set(resourceWrites(asked, version).map((write) => write.asked));
  return {
    writes,
    wishes: new Set(writes.map((write) => write.asked).filter((place) => !needed.has(place))),
    ...(rules && version === 2 ? {deviceFilter: compileDeviceFilter(rules)} : {}),
  };
}

/** As the OCI runtime spec writes it: a path, or for systemd `slice:prefix:name`. */
function pathOf(placement: Placement, id: string): string {
  if (placement.kind === 'none') return '';
  return placement.kind === 'scope'
    ? `${placement.slice}:minicontainer:${id}`
    : `/${placement.path}`;
}
