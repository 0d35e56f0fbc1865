import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {cloneSource, cloningStage} from './clone-source.ts';
import type {CompileOptions} from './compile.ts';
import type {HostFacts} from './host.ts';
import {mountAttribute} from './mount-options.ts';

/** The root file system that a spec names by its path: first cloned, then hung where it can be pivoted to. */
export function compileRootDirectory(
  spec: Spec,
  host: HostFacts,
  {runtime, cgroup}: CompileOptions,
): {readonly cloned: readonly Operation[]; readonly hung: readonly Operation[]} {
  // Engines count on device files in it, such as those of a chroot, and filter what can be opened.
  const hasDevices = runtime !== undefined && cgroup?.filtersDevices === true;
  const why = 'the root file system that the spec names';
  return {
    cloned: [
      ...cloneSource(spec.root?.path ?? '', true, 'root', cloningStage(spec, host), why),
      ...(hasDevices
        ? []
        : [
            operation(
              'build',
              'mountAttributes',
              {
                mount: 'root',
                set: mountAttribute.noDev,
                clear: 0n,
                propagation: 0n,
                recursive: true,
              },
              'a device file in it would open a device of the host, whoever made it',
            ),
          ]),
    ],
    hung: hang('root', spec, 'pivot_root wants a mount point'),
  };
}

/**
 * Whether hooks look at the mounts of the container before its root is entered: they expect them where the
 * spec says that its root is, and all else of its mount namespace as the host has it.
 */
export function isSeen({hooks = {}}: Spec): boolean {
  const {prestart = [], createRuntime = [], createContainer = []} = hooks;
  return prestart.length + createRuntime.length + createContainer.length > 0;
}

/** Hangs a mount somewhere until the pivot: stacked on the host's root, unless somebody sees it. */
export function hang(mount: string, spec: Spec, why: string): Operation[] {
  const at = (target: string) => {
    return {mount, root: undefined, target, file: false, create: false, follow: true};
  };
  const anywhere = operation('build', 'attachMount', at('/'), why);
  if (!isSeen(spec) || spec.root === undefined) return [anywhere];
  return [
    operation(
      'build',
      'attachMount',
      at(spec.root.path),
      `${why}; here, where hooks look for the container's mounts, and nowhere else`,
      // Root of a user namespace may not go wherever the caller may.
      {optional: ['EACCES'], else: 1},
    ),
    anywhere,
  ];
}
