import {
  type CgroupRequest,
  type CgroupVersion,
  compileDeviceFilter,
  contributeCgroup,
  defaultDeviceRules,
  deviceEntries,
  type Placement,
  type PlacementRequest,
  placeCgroup,
  resourceWrites,
} from '@minicontainer/cgroups';
import type {CgroupContribution, HostFacts} from '@minicontainer/plan';
import type {Resources, Spec} from '@minicontainer/spec';
import {readCgroupHost} from './host.ts';

/** A spec with what its cgroup can give, and the operations that give it. */
export interface Limited {
  readonly spec: Spec;
  readonly cgroup?: CgroupContribution;
}

const nobody = 65_534;

/**
 * Finds a place for a container's cgroup and has limits set there: those of the spec, and defaults. Where
 * there is none, and the spec asks for nothing that needs one, the container has no limits.
 *
 * @throws {MinicontainerError} `ECGROUP` for a limit that the spec asks for and that cannot be had here
 */
export function limit(
  spec: Spec,
  host: HostFacts,
  request: PlacementRequest & {readonly owner?: number},
  defaults: Resources,
): Limited {
  // Root of a user namespace is nobody to the host's systemd, and filters no devices.
  const uid = request.owner ?? (host.uid === 0 && host.nested ? nobody : host.uid);
  const placement = placeCgroup(
    readCgroupHost(host.cgroup, uid, request.parent, request.driver === 'cgroupfs'),
    request,
  );
  const asked = spec.linux?.resources ?? {};
  const devices = [...(defaults.devices ?? []), ...(asked.devices ?? [])];
  const resources = {...defaults, ...asked, ...(devices.length > 0 && {devices})};
  const cgroup = contributeCgroup(placement, {
    ...requestOf(asked, resources, placement.kind === 'v1' ? 1 : 2, uid),
    ...(resources.memory?.limit ? {memoryBytes: resources.memory.limit} : {}),
  });
  if (cgroup === undefined) return {spec};
  const cgroupsPath =
    request.driver === undefined ? pathOf(placement, request.name) : spec.linux?.cgroupsPath;
  const linux = {...spec.linux, resources, ...(cgroupsPath !== undefined && {cgroupsPath})};
  return {spec: {...spec, linux}, cgroup};
}

function requestOf(
  asked: Resources,
  resources: Resources,
  version: CgroupVersion,
  uid: number,
): CgroupRequest {
  const {devices, ...limits} = resources;
  // A plain user's container can make none, and the kernel lets a plain user filter none.
  const rules = devices && uid === 0 ? [...devices, ...defaultDeviceRules] : undefined;
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
function pathOf(placement: Placement, name: string): string {
  if (placement.kind === 'none') return '';
  return placement.kind === 'scope' ? `${placement.slice}::${name}` : `/${placement.path}`;
}
