import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {type MountOptions, mountAttribute} from './mount-options.ts';
import {hasNamespace} from './namespaces.ts';

const why = 'what limits it has a program can read here, from its own cgroup downwards';

/** The spec's `cgroup` mount: one file system on v2, one for each hierarchy on v1 and hybrid hosts. */
export function compileCgroupMount(
  destination: string,
  options: MountOptions,
  spec: Spec,
  host: HostFacts,
): Operation[] {
  const target = destination.replace(/^\/+/, '');
  if (host.cgroup.version === 0) return [];
  // Without a cgroup namespace a new mount shows the host's tree: then at least it is not written.
  if (!hasNamespace(spec, 'cgroup')) {
    return [
      operation(
        'build',
        'openTree',
        {root: undefined, path: '/sys/fs/cgroup', recursive: true, device: 0n, to: target},
        why,
      ),
      operation(
        'build',
        'mountAttributes',
        {
          mount: target,
          set: options.set | mountAttribute.readOnly,
          clear: 0n,
          propagation: 0n,
          recursive: true,
        },
        "the host's tree is not the container's to change",
      ),
      attach(target, target),
    ];
  }
  if (host.cgroup.version === 2) return mountHierarchy('cgroup2', '', target, options);
  return [
    create('tmpfs', ['mode=755'], options.set & ~mountAttribute.readOnly, target),
    attach(target, target),
    ...host.cgroup.hierarchies.flatMap(({options: named, directory}) =>
      mountHierarchy(named === '' ? 'cgroup2' : 'cgroup', named, `${target}/${directory}`, options),
    ),
    ...((options.set & mountAttribute.readOnly) !== 0n ? [seal(target)] : []),
  ];
}

function mountHierarchy(
  type: string,
  named: string,
  target: string,
  options: MountOptions,
): Operation[] {
  return [
    create(type, named === '' ? [] : named.split(','), options.set, target),
    attach(target, target),
  ];
}

function create(type: string, data: readonly string[], attributes: bigint, to: string): Operation {
  return operation(
    'build',
    'createMount',
    {type, source: 'cgroup', options: data, attributes, directory: undefined, to},
    why,
  );
}

function attach(target: string, mount: string): Operation {
  return operation(
    'build',
    'attachMount',
    {mount, root: 'root', target, file: false, create: true, follow: true},
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
