import {MinicontainerError} from '@minicontainer/errors';
import {asked} from './write.ts';

/** A resource whose value no cgroup can have. */
export function refuse(field: string, message: string, hint?: string): MinicontainerError {
  const details = hint === undefined ? {} : {hint};
  return new MinicontainerError('ERESOURCE', `${asked(field)}: ${message}`, details);
}

/** What only the other version of cgroups can do: to go on without would be a limit that is not there. */
export function inexpressible(
  field: string,
  controller: string,
  version: number,
  hint: string,
): MinicontainerError {
  const has = `the ${controller} controller of cgroup v${version} has nothing for it`;
  return refuse(field, has, hint);
}
