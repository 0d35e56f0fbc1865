import {type CgroupContribution, type Operation, operation} from '@minicontainer/plan';
import {cgroupTop, type Placement} from '../placement/place.ts';
import type {CgroupWrite} from '../resources/write.ts';
import {endingOperations} from './ending.ts';
import type {CgroupRequest} from './request.ts';
import {joinScope, startScope} from './scope.ts';
import {newScopeProperties} from './scope-properties.ts';
import {possibleWrites, writeOperations} from './writes.ts';

/** Handed on where they are there, so that what a container uses can be told. */
const always = ['cpu', 'io', 'memory', 'pids'];
const slot = 'cgroup';

type ScopePlacement = Extract<Placement, {kind: 'scope'}>;

/** One cgroup of version 2: the container is cloned into it, so that no move has to be waited for. */
export function contributeUnified(
  placement: Extract<Placement, {kind: 'v2' | 'scope'}>,
  request: CgroupRequest,
): CgroupContribution {
  const {controllers} = placement;
  const writes = possibleWrites(
    request,
    (controller) => controller === 'cgroup' || controllers.includes(controller),
    (controller) => fixFor(placement, controller),
  );
  const wanted = new Set([...always, ...writes.map(({controller}) => controller)]);
  const handedOn = controllers.filter((name) => wanted.has(name)).map((name) => `+${name}`);
  if (placement.kind === 'scope' && placement.around === 'container') {
    return contributeScope(placement, request, writes);
  }
  const [hierarchy, path] =
    placement.kind === 'scope'
      ? [`${cgroupTop}/${placement.path}`, 'container']
      : splitAt(placement);
  const directory = `${hierarchy}/${path}`;
  return {
    clonedInto: slot,
    filtersDevices: request.deviceFilter !== undefined,
    freezer: {version: 2, directory},
    location: {version: 2, directory},
    operations: [
      ...(placement.kind === 'scope' ? joinScope(placement) : []),
      operation(
        'prepare',
        'makeCgroup',
        {hierarchy, path, controllers: handedOn.join(' '), to: slot},
        'what a container uses is limited and counted here, the supervisor’s own part is not',
      ),
      ...writes.flatMap((write) => writeOperations(slot, write)),
      ...filterDevices(request),
    ],
    ending: endingOperations(
      [directory],
      controllers.includes('memory') ? `${directory}/memory.events` : undefined,
      request,
    ),
  };
}

/** Whoever may make no cgroups at the top hands on no controllers there either. */
function splitAt({path, from = ''}: Extract<Placement, {kind: 'v2'}>): [string, string] {
  if (from === '') return [cgroupTop, path];
  return [`${cgroupTop}/${from}`, path.slice(from.length + 1)];
}

/**
 * The scope itself is the container's: limits are where systemd and engines look for them. What makes the
 * container is in it for a moment, so that systemd has a process to make it around.
 */
function contributeScope(
  placement: ScopePlacement,
  request: CgroupRequest,
  writes: readonly CgroupWrite[],
): CgroupContribution {
  const {path, unit, manager, controllers} = placement;
  const directory = `${cgroupTop}/${path}`;
  return {
    filtersDevices: request.deviceFilter !== undefined,
    freezer: {version: 2, directory},
    location: {version: 2, directory},
    unit: {name: unit, busctl: manager.busctl, address: manager.address},
    operations: [
      startScope(placement, 'attach', newScopeProperties(writes)),
      operation(
        'attach',
        'makeCgroup',
        {hierarchy: directory, path: '', controllers: '', to: slot},
        'what systemd has no property for is written there',
      ),
      ...writes.flatMap((write) => writeOperations(slot, write, 'attach')),
      ...filterDevices(request, 'attach'),
    ],
    ending: endingOperations(
      [directory],
      controllers.includes('memory') ? `${directory}/memory.events` : undefined,
      request,
    ),
  };
}

function filterDevices(
  {deviceFilter}: CgroupRequest,
  stage: 'prepare' | 'attach' = 'prepare',
): Operation[] {
  if (deviceFilter === undefined) return [];
  return [
    operation(
      stage,
      'loadDeviceFilter',
      {cgroup: slot, program: deviceFilter},
      'a device that was not given cannot be used, wherever its file comes from',
    ),
  ];
}

function fixFor(placement: Extract<Placement, {kind: 'v2' | 'scope'}>, controller: string): string {
  if (placement.kind === 'scope' && placement.manager.kind === 'user') {
    return `as root: systemctl edit user@.service, with [Service] Delegate=cpu cpuset io memory pids, then log in anew`;
  }
  if (placement.kind === 'scope') {
    return 'systemd hands on cpu, cpuset, io, memory and pids; --cgroup-parent /containers does without it';
  }
  return `the kernel must have it, and must not be booted with cgroup_disable=${controller} or cgroup v1`;
}
