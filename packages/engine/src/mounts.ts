import {existsSync, mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import type {IdMapping, Mount, UserNamespace} from '@minicontainer/spec';
import {mapThrough} from './ids/mappings.ts';
import type {MountIds, MountRequest} from './options.ts';

/**
 * A mount as the specification has it; makes a missing source where that is asked for.
 *
 * @throws {MinicontainerError} `EMOUNT` for a source that is not there, `EIDMAP` for ids that are not
 */
export function toMount(
  request: MountRequest,
  namespace: UserNamespace | undefined,
  privileged: boolean,
): Mount {
  if (request.kind === 'tmpfs') {
    return {
      destination: request.target,
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'nodev', 'noexec', ...(request.options ?? [])],
    };
  }
  requireSource(request.source, request.createSource ?? false);
  const {idmap} = request;
  return {
    destination: request.target,
    type: 'bind',
    source: request.source,
    options: [
      request.recursive === false ? 'bind' : 'rbind',
      request.propagation ?? 'rprivate',
      ...(request.readOnly ? ['rro'] : []),
      ...(privileged || opensDevices(request.source, request.options ?? []) ? [] : ['rnodev']),
      ...(idmap === undefined ? [] : ['idmap']),
      ...(request.options ?? []),
    ],
    ...(idmap === undefined || idmap === 'container' ? {} : hostIds(idmap, namespace)),
  };
}

/** Of a directory that somebody else fills, a device file would be the host's device. */
function opensDevices(source: string, options: readonly string[]): boolean {
  return options.includes('dev') || source === '/dev' || source.startsWith('/dev/');
}

/** With what counts as the container does put into the host's numbers. */
function hostIds(
  {uidMappings, gidMappings, relative = {}}: MountIds,
  namespace: UserNamespace | undefined,
): Pick<Mount, 'uidMappings' | 'gidMappings'> {
  return {
    uidMappings: relative.uids ? through('user', uidMappings, namespace?.uidMappings) : uidMappings,
    gidMappings: relative.gids
      ? through('group', gidMappings, namespace?.gidMappings)
      : gidMappings,
  };
}

function through(
  kind: 'user' | 'group',
  mappings: readonly IdMapping[],
  container: readonly IdMapping[] | undefined,
): readonly IdMapping[] {
  return container === undefined ? mappings : mapThrough(kind, mappings, container);
}

function requireSource(source: string, create: boolean): void {
  if (existsSync(source)) return;
  if (!create) {
    throw new MinicontainerError('EMOUNT', `the source of a mount is not there: ${source}`, {
      hint: 'make it first, or use -v, which makes a missing directory',
    });
  }
  try {
    makeDirectories(source);
  } catch (cause) {
    throw new MinicontainerError('EMOUNT', `the source of a mount cannot be made: ${source}`, {
      cause,
      hint: 'make it first, as a user who may',
    });
  }
}

/** mkdirSync's own `recursive` never ends where a directory takes no new ones, as in /proc. */
function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  makeDirectories(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
