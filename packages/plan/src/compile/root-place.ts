import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';

/**
 * Hangs the container's root somewhere until the pivot. Nobody looks at it there but hooks: these expect
 * the container's mounts where the spec says that its root is, and may add some of their own.
 */
export function compileRootPlace({root, hooks = {}}: Spec): Operation[] {
  const {prestart = [], createRuntime = [], createContainer = []} = hooks;
  const isSeen = [...prestart, ...createRuntime, ...createContainer].length > 0;
  const at = (target: string) => {
    return {mount: 'root', root: undefined, target, file: false, create: false, follow: true};
  };
  const why = 'pivot_root wants a mount point';
  const anywhere = operation('build', 'attachMount', at('/'), why);
  if (!isSeen || root === undefined) return [anywhere];
  return [
    operation(
      'build',
      'attachMount',
      at(root.path),
      'hooks look for the mounts of the container there',
      // Root of a user namespace may not go wherever the caller may.
      {optional: ['EACCES'], else: 1},
    ),
    anywhere,
  ];
}
