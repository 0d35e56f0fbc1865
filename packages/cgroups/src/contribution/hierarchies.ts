import {
  type CgroupContribution,
  type CgroupHierarchy,
  type Operation,
  operation,
} from '@minicontainer/plan';
import type {InheritedCpuset} from '../placement/host.ts';
import {cgroupTop, type Placement} from '../placement/place.ts';
import {endingOperations} from './ending.ts';
import type {CgroupRequest} from './request.ts';
import {possibleWrites, writeOperations} from './writes.ts';

type V1Placement = Extract<Placement, {kind: 'v1'}>;

/**
 * One cgroup in every hierarchy of version 1, with controllers or without: whoever is in the top of one
 * sees that of the whole host. The container enters them itself, which the kernel does at once, while
 * a move by another waits for a grace period of some 10 ms.
 */
export function contributeHierarchies(
  placement: V1Placement,
  request: CgroupRequest,
): CgroupContribution {
  const {hierarchies} = placement;
  const has = (controller: string) => hierarchyOf(hierarchies, controller) !== undefined;
  const writes = possibleWrites(
    request,
    has,
    (controller) =>
      `the kernel must have it: mount -t cgroup -o ${controller} cgroup ${cgroupTop}/${controller}`,
  );
  const unified = hierarchies.find(isUnified);
  const memory = hierarchyOf(hierarchies, 'memory');
  const freezer = hierarchyOf(hierarchies, 'freezer');
  return {
    ...(unified === undefined ? {} : {clonedInto: slotOf(unified)}),
    filtersDevices: writes.some(({controller}) => controller === 'devices'),
    directoryOf: (hierarchy) => directoryOf(hierarchy, placement.path),
    ...(freezer === undefined
      ? {}
      : {freezer: {version: 1, directory: directoryOf(freezer, placement.path)}}),
    location: {version: 1, directories: locate(placement)},
    operations: hierarchies.flatMap((hierarchy) => [
      ...make(placement, hierarchy),
      ...writes
        .filter(({controller}) => hierarchyOf(hierarchies, controller) === hierarchy)
        .flatMap((write) => writeOperations(slotOf(hierarchy), write)),
      ...(isUnified(hierarchy) ? [] : enter(hierarchy)),
    ]),
    ending: endingOperations(
      hierarchies.map((hierarchy) => directoryOf(hierarchy, placement.path)),
      memory && `${directoryOf(memory, placement.path)}/memory.oom_control`,
      request,
    ),
  };
}

/** A hierarchy of several controllers stands under each. */
function locate({hierarchies, path}: V1Placement): Record<string, string> {
  return Object.fromEntries(
    hierarchies.flatMap((hierarchy) =>
      (hierarchy.options || 'unified')
        .split(',')
        .map((controller) => [controller, directoryOf(hierarchy, path)]),
    ),
  );
}

function isUnified({options}: CgroupHierarchy): boolean {
  return options === '';
}

function hierarchyOf(
  hierarchies: readonly CgroupHierarchy[],
  controller: string,
): CgroupHierarchy | undefined {
  return hierarchies.find(({options}) => options.split(',').includes(controller));
}

function directoryOf({directory}: CgroupHierarchy, path: string): string {
  return `${cgroupTop}/${directory}/${path}`;
}

function slotOf({directory}: CgroupHierarchy): string {
  return `cgroup:${directory}`;
}

function make({path, cpuset}: V1Placement, hierarchy: CgroupHierarchy): Operation[] {
  const inherits = cpuset !== undefined && hierarchy.options.split(',').includes('cpuset');
  return (inherits ? levelsBelow(cpuset.level, path) : [path]).flatMap((level) => [
    operation(
      'prepare',
      'makeCgroup',
      {
        hierarchy: `${cgroupTop}/${hierarchy.directory}`,
        path: level,
        controllers: '',
        to: slotOf(hierarchy),
      },
      `a part of its own of ${hierarchy.options || 'the unified hierarchy'}`,
    ),
    ...(inherits ? inherit(slotOf(hierarchy), cpuset) : []),
  ]);
}

/** `a` and `a/b/c` give `a/b`, `a/b/c`: what is there already its owner may have narrowed. */
function levelsBelow(level: string, path: string): readonly string[] {
  const parts = path.split('/');
  return parts
    .map((_, index) => parts.slice(0, index + 1).join('/'))
    .filter((each) => !`${level}/`.startsWith(`${each}/`));
}

/** A new cpuset is empty, and takes no process while it is. */
function inherit(cgroup: string, {cpus, mems}: InheritedCpuset): Operation[] {
  const why = 'a new cpuset inherits nothing, and takes no process while it is empty';
  return [
    operation('prepare', 'writeCgroup', {cgroup, file: 'cpuset.cpus', data: cpus}, why),
    operation('prepare', 'writeCgroup', {cgroup, file: 'cpuset.mems', data: mems}, why),
  ];
}

function enter(hierarchy: CgroupHierarchy): Operation[] {
  const members = `${slotOf(hierarchy)}/tasks`;
  return [
    operation(
      'prepare',
      'openMembers',
      {cgroup: slotOf(hierarchy), file: 'tasks', to: members},
      'container root may not open it',
    ),
    operation(
      'build',
      'enterCgroup',
      {members},
      'before anything of the container runs, and before its view of cgroups is made',
    ),
  ];
}
