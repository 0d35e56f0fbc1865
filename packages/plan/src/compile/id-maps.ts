import {MinicontainerError} from '@minicontainer/errors';
import type {IdMapping, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {type HostFacts, isHostRoot} from './host.ts';

/** Who writes the id maps of the container's user namespace, and what they are. */
export function compileIdMaps(spec: Spec, host: HostFacts): Operation[] {
  const uids = spec.linux?.uidMappings ?? [];
  const gids = spec.linux?.gidMappings ?? [];
  return [
    ...(mayChangeGroups(gids, host) ? [] : [denyGroups()]),
    needsMapper(gids, host.gid, host)
      ? runMapper(host.mappers.gid, 'newgidmap', gids)
      : writeMap('gid_map', gids, 'which groups of the host the container has'),
    needsMapper(uids, host.uid, host)
      ? runMapper(host.mappers.uid, 'newuidmap', uids)
      : writeMap('uid_map', uids, 'which users of the host the container has'),
  ];
}

/** Whether groups can be changed: the kernel forbids it under a map that was written without privileges. */
export function mayChangeGroups(gids: readonly IdMapping[], host: HostFacts): boolean {
  if (isHostRoot(host)) return true;
  return host.groupsDenied !== true && !isOwnId(gids, host.gid);
}

/**
 * As whom things are made for the container: root, or where the user namespace has none, its first id,
 * which has the same capabilities until it executes something.
 */
export function ownerOf(mappings: readonly IdMapping[]): number {
  return mappings.reduce(
    (least, {containerID}) => Math.min(least, containerID),
    mappings[0]?.containerID ?? 0,
  );
}

/** As the kernel reads it: a line for each range. */
export function formatIdMap(mappings: readonly IdMapping[]): string {
  return mappings.map((map) => `${map.containerID} ${map.hostID} ${map.size}\n`).join('');
}

/** More than the caller's own id a plain user maps with the help of a set-user-ID program. */
function needsMapper(mappings: readonly IdMapping[], id: number, host: HostFacts): boolean {
  return host.uid !== 0 && !isOwnId(mappings, id);
}

function isOwnId(mappings: readonly IdMapping[], id: number): boolean {
  const [only, ...more] = mappings;
  return more.length === 0 && only?.size === 1 && only.hostID === id;
}

function denyGroups(): Operation {
  return operation(
    'attach',
    'writeProcess',
    {file: 'setgroups', data: 'deny'},
    'without it the kernel lets no plain user write a group map (CVE-2014-8989)',
  );
}

function writeMap(file: string, mappings: readonly IdMapping[], why: string): Operation {
  return operation('attach', 'writeProcess', {file, data: formatIdMap(mappings)}, why);
}

function runMapper(
  path: string | undefined,
  name: string,
  mappings: readonly IdMapping[],
): Operation {
  if (path === undefined) {
    throw new MinicontainerError('EIDMAP', `${name} is missing, and more than one id is mapped`, {
      hint: 'apt-get install uidmap',
    });
  }
  const words = mappings.flatMap((map) => [map.containerID, map.hostID, map.size].map(String));
  return operation(
    'attach',
    'runMapper',
    {argv: [path, '$keeper', ...words]},
    'the ids that /etc/subuid and /etc/subgid give the caller become those of the container',
  );
}
