import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {CgroupHierarchy, HostFacts} from './host.ts';
import {type MountOptions, mountAttribute} from './mount-options.ts';
import {isNew} from './namespace-types.ts';

const why = 'what limits it has a program can read here, from its own cgroup downwards';

/**
 * The spec's `cgroup` mount: one file system on v2, one for each hierarchy on v1 and hybrid hosts.
 *
 * @param directory of the host, which is the container's part of a hierarchy of v1; none where it has no
 *   cgroup of its own
 */
export function compileCgroupMount(
  place: string,
  options: MountOptions,
  spec: Spec,
  host: HostFacts,
  directory?: (hierarchy: CgroupHierarchy) => string,
): Operation[] {
  if (host.cgroup.version === 0) return [];
  const isPrivate = isNew(spec, 'cgroup');
  const ofHierarchy = isPrivate ? mountHierarchy : directory && bindHierarchy(directory);
  // Without a cgroup namespace a new mount shows the host's tree: then at least it is not written.
  if (ofHierarchy === undefined || (!isPrivate && host.cgroup.version === 2)) {
    return [
      clone('/sys/fs/cgroup', place, true),
      operation(
        'build',
        'mountAttributes',
        {
          mount: place,
          set: options.set | mountAttribute.readOnly,
          clear: 0n,
          propagation: 0n,
          recursive: true,
        },
        "the host's tree is not the container's to change",
      ),
      attach(place),
    ];
  }
  if (host.cgroup.version === 2) return mountHierarchy(unified, place, options);
  return [
    create('tmpfs', ['mode=755'], options.set & ~mountAttribute.readOnly, place),
    attach(place),
    ...host.cgroup.hierarchies.flatMap((hierarchy) => [
      ...ofHierarchy(hierarchy, `${place}/${hierarchy.directory}`, options),
      ...linkControllers(hierarchy, place),
    ]),
    ...((options.set & mountAttribute.readOnly) !== 0n ? [seal(place)] : []),
  ];
}

/** As a hybrid host has it, and the whole of v2. */
const unified: CgroupHierarchy = {options: '', directory: ''};

function mountHierarchy(
  {options: named}: CgroupHierarchy,
  place: string,
  options: MountOptions,
): Operation[] {
  const type = named === '' ? 'cgroup2' : 'cgroup';
  return [create(type, named === '' ? [] : named.split(','), options.set, place), attach(place)];
}

/** What a new mount would show in a cgroup namespace. */
function bindHierarchy(directory: (hierarchy: CgroupHierarchy) => string) {
  return (hierarchy: CgroupHierarchy, place: string, options: MountOptions): Operation[] => [
    clone(directory(hierarchy), place, false),
    operation(
      'build',
      'mountAttributes',
      {mount: place, set: options.set, clear: 0n, propagation: 0n, recursive: false},
      'while nobody can reach the mount yet',
    ),
    attach(place),
  ];
}

/** Programs look for `cpu` where the hierarchy is `cpu,cpuacct`. */
function linkControllers({options, directory}: CgroupHierarchy, place: string): Operation[] {
  const controllers = options.split(',');
  if (controllers.length < 2) return [];
  return controllers
    .filter((name) => name !== directory)
    .map((name) =>
      operation(
        'build',
        'makeSymlink',
        {root: 'root', path: `${place.slice(1)}/${name}`, target: directory},
        'where programs look for it',
      ),
    );
}

function clone(path: string, to: string, recursive: boolean): Operation {
  return operation('build', 'openTree', {root: undefined, path, recursive, device: 0n, to}, why);
}

function create(type: string, data: readonly string[], attributes: bigint, to: string): Operation {
  return operation(
    'build',
    'createMount',
    {type, source: 'cgroup', options: data, attributes, directory: undefined, to},
    why,
  );
}

function attach(place: string): Operation {
  const target = place.slice(1);
  return operation(
    'build',
    'attachMount',
    {mount: place, root: 'root', target, file: false, create: true, follow: true},
    why,
  );
}

function seal(mount: string): Operation {
  return operation(
    'build',
    'mountAttributes',
    {mount, set: mountAttribute.readOnly, clear: 0n, propagation: 0n, recursive: false},
    'after the last hierarchy is hung into it',
  );
}
