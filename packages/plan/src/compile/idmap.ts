import {MinicontainerError} from '@minicontainer/errors';
import type {IdMapping, Mount, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {formatIdMap} from './id-maps.ts';
import type {MountOptions} from './mount-options.ts';
import {hasNamespace} from './namespaces.ts';

/**
 * The shift of a bind's owners: by the mount's own mappings, or by those of the container.
 *
 * @throws {MinicontainerError} `EIDMAP` where there is nothing to shift into, or nobody who may
 * @see OCI runtime spec, config.md, "mounts", `idmap` and `uidMappings`
 */
export function compileIdmap(
  mount: Mount,
  options: MountOptions,
  spec: Spec,
  host: HostFacts,
): Operation[] {
  if (!wantsIdmap(mount, options)) return [];
  const {destination, uidMappings, gidMappings} = mount;
  if (host.uid !== 0) {
    throw new MinicontainerError('EIDMAP', `idmap on ${destination}: only root can shift owners`, {
      hint: "leave idmap out: your own files are container root's, or your own with --userns keep-id",
    });
  }
  const own = uidMappings !== undefined && gidMappings !== undefined;
  if (!own && !hasNamespace(spec, 'user')) {
    throw new MinicontainerError(
      'EIDMAP',
      `idmap on ${destination}: the container has the ids of the host, there is nothing to shift`,
      {hint: 'leave idmap out, or --userns host, or say how: idmap=uids=0-1000-1;gids=0-1000-1'},
    );
  }
  const namespace = own ? `idmap ${destination}` : undefined;
  return [
    ...(own ? [makeNamespace(`idmap ${destination}`, uidMappings, gidMappings)] : []),
    operation(
      'attach',
      'idmapMount',
      {mount: destination, namespace, recursive: options.idmap === 'tree'},
      own
        ? 'whose files of the source are to be whose, as was asked for'
        : "files of the host's root are to belong to container root",
    ),
  ];
}

/** @throws {MinicontainerError} `EUNSUPPORTED` for a mount that is no bind */
export function requireNoIdmap(mount: Mount, options: MountOptions): void {
  if (!wantsIdmap(mount, options)) return;
  throw new MinicontainerError(
    'EUNSUPPORTED',
    `config.json: idmap on ${mount.destination}: only the owners of a bind can be shifted`,
  );
}

function wantsIdmap({uidMappings, gidMappings}: Mount, {idmap}: MountOptions): boolean {
  return idmap !== undefined || (uidMappings ?? gidMappings) !== undefined;
}

function makeNamespace(
  to: string,
  uids: readonly IdMapping[],
  gids: readonly IdMapping[],
): Operation {
  return operation(
    'attach',
    'makeUserNamespace',
    {uidMap: formatIdMap(uids), gidMap: formatIdMap(gids), to},
    'the kernel takes the mapping of a mount from a user namespace, and the container has another',
  );
}
