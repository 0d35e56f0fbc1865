import type {CgroupContribution} from '@minicontainer/plan';
import type {Spec} from '@minicontainer/spec';

/** What tells a container's state, besides its status and the pid of its first process. */
export interface StateTemplate {
  readonly id: string;
  readonly bundle: string;
  readonly spec: Spec;
  readonly freezer?: CgroupContribution['freezer'];
  /** Directories of its cgroups, which go with it even where its plan cannot be read any more. */
  readonly cgroups: readonly string[];
}

/**
 * The state in the parts that nsexec prints status and pid between, then where it sees that the container
 * is paused, and the cgroups that it has: strings that each end with a NUL.
 *
 * @see OCI runtime spec, runtime.md, "State"
 */
export function stateTemplate({id, bundle, spec, freezer, cgroups}: StateTemplate): string {
  const json = JSON.stringify;
  const annotations =
    spec.annotations === undefined ? '' : `,\n  "annotations": ${json(spec.annotations)}`;
  const parts = [
    `{\n  "ociVersion": ${json(spec.ociVersion)},\n  "id": ${json(id)},\n  "status": "`,
    '",\n  "pid": ',
    `,\n  "bundle": ${json(bundle)},\n  "rootfs": ${json(spec.root?.path)},\n  "created": ${json(new Date())}${annotations}\n}\n`,
    freezer?.directory ?? '',
    String(freezer?.version ?? ''),
    ...cgroups,
  ];
  return parts.map((part) => `${part}\0`).join('');
}
