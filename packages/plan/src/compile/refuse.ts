import {MinicontainerError} from '@minicontainer/errors';
import type {Spec} from '@minicontainer/spec';
import {hasNamespace, isNew, namespaceOf} from './namespace-types.ts';

/**
 * Refuses, by name, what a spec asks for and no operation gives yet: a container that silently lacks a
 * limit or a protection would be worse than none.
 *
 * @throws {MinicontainerError} `EUNSUPPORTED`
 */
export function refuseUnsupported(spec: Spec, hasCgroup = false): void {
  const {linux = {}, process} = spec;
  const fields: Record<string, unknown> = {
    'linux/cgroupsPath': hasCgroup ? undefined : linux.cgroupsPath,
    'linux/resources': hasCgroup ? undefined : refusedResources(spec),
    'mounts/options (idmap=)': spec.mounts?.find(({options}) =>
      options?.some((option) => /^r?idmap=/.test(option)),
    ),
  };
  for (const [field, value] of Object.entries(fields)) {
    if (!isEmpty(value)) refuse(`/${field} is not supported yet`);
  }
  if (process === undefined) refuse('/process is missing: there is nothing to run');
  if (spec.root === undefined) refuse('/root is missing: there is nothing to run in');
  if (!hasNamespace(spec, 'mount')) {
    refuse(
      '/linux/namespaces has no "mount": every mount would be made on the host, and stay there',
    );
  }
  refuseWithoutNamespace(spec);
}

/** What belongs to a namespace would otherwise be done to the host's, or not at all. */
function refuseWithoutNamespace(spec: Spec): void {
  for (const field of ['hostname', 'domainname'] as const) {
    if (spec[field] !== undefined && !hasNamespace(spec, 'uts')) {
      refuse(`/${field} would be set for the host: /linux/namespaces has no "uts"`);
    }
  }
  if (!isEmpty(spec.linux?.timeOffsets) && namespaceOf(spec, 'time')?.path !== undefined) {
    refuse('/linux/timeOffsets cannot be changed in a time namespace that is joined');
  }
  if (!isEmpty(spec.linux?.timeOffsets) && !hasNamespace(spec, 'time')) {
    refuse('/linux/timeOffsets are of no clock: /linux/namespaces has no "time"');
  }
  for (const field of ['uidMappings', 'gidMappings'] as const) {
    const maps = !isEmpty(spec.linux?.[field]);
    if (maps && !hasNamespace(spec, 'user')) {
      refuse(
        `/linux/${field} maps ids that no user namespace has: /linux/namespaces has no "user"`,
      );
    }
    // With a path they only tell how that namespace is mapped, as engines do.
    if (!maps && isNew(spec, 'user')) {
      refuse(`/linux/${field} is empty: nobody could be anybody in the user namespace`);
    }
  }
}

/** "No device but those that are given" holds without a cgroup when none can be made. */
function refusedResources(spec: Spec): unknown {
  const {devices, ...others} = spec.linux?.resources ?? {};
  const makesNone =
    hasNamespace(spec, 'user') || !spec.process?.capabilities?.bounding?.includes('CAP_MKNOD');
  // A device that is given can be read and written: less takes a cgroup.
  const whole = devices?.every(({allow, access}) => !allow || /r.*w|w.*r/.test(access ?? ''));
  return (whole ?? true) && makesNone && Object.values(others).every(isEmpty)
    ? undefined
    : spec.linux?.resources;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}

function refuse(message: string): never {
  throw new MinicontainerError('EUNSUPPORTED', `config.json: ${message}`);
}
