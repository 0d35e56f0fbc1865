import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {type MountOptions, mountAttribute} from './mount-options.ts';
import {isNew} from './namespace-types.ts';

const why = 'what limits it has a program can read here, from its own cgroup downwards';

/** The spec's `cgroup` mount: one file system on v2, one for each hierarchy on v1 and hybrid hosts. */
export function compileCgroupMount(
  place: string,
  options: MountOptions,
  spec: Spec,
  host: HostFacts,
): Operation[] {
  if (host.cgroup.version === 0) return [];
  // Without a cgroup namespace a new mount shows the host's tree: then at least it is not written.
  if (!isNew(spec, 'cgroup')) {
    return [
      operation(
        'build',
        'openTree',
        {root: undefined, path: '/sys/fs/cgroup', recursive: true, device: 0n, to: place},
        why,
      ),
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
  if (host.cgroup.version === 2) return mountHierarchy('cgroup2', '', place, options);
  return [
    create('tmpfs', ['mode=755'], options.set & ~mountAttribute.readOnly, place),
    attach(place),
    ...host.cgroup.hierarchies.flatMap(({options: named, directory}) =>
      mountHierarchy(named === '' ? 'cgroup2' : 'cgroup', named, `${place}/${directory}`, options),
    ),
    ...((options.set & mountAttribute.readOnly) !== 0n ? [seal(place)] : []),
  ];
}

function mountHierarchy(
  type: string,
  named: string,
  place: string,
  options: MountOptions,
): Operation[] {
  return [create(type, named === '' ? [] : named.split(','), options.set, place), attach(place)];
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
