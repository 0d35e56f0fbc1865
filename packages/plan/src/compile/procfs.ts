import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {cloneSource} from './clone-source.ts';

/**
 * A procfs in slot `procfs` that never has a name, for writing what no link or mount of a root file system
 * or bundle can lead elsewhere; none where nothing is to be written.
 *
 * @see CVE-2019-16884, CVE-2019-19921, CVE-2025-52881
 */
export function compilePrivateProcfs(spec: Spec): Operation[] {
  const {process, linux} = spec;
  const needed =
    process?.apparmorProfile ||
    process?.selinuxLabel ||
    Object.keys(linux?.sysctl ?? {}).length > 0;
  if (!needed) return [];
  const why = 'nothing of the image or of a volume can lie in its way';
  return [
    operation(
      'build',
      'createMount',
      {
        type: 'proc',
        source: 'proc',
        options: [],
        attributes: 0n,
        directory: undefined,
        to: 'procfs',
      },
      why,
      // Of a pid namespace that belongs to another user namespace.
      {optional: ['EPERM'], else: 1},
    ),
    ...cloneSource(
      '/proc',
      true,
      'procfs',
      'build',
      "the host's, before anything of ours is mounted",
    ),
  ];
}
