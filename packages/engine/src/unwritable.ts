import {statSync} from 'node:fs';
import type {IdMapping, UserNamespace} from '@minicontainer/spec';
import type {MountRequest} from './options.ts';

/** A bound file or directory, as far as it decides who may write it. */
export interface Inode {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * A sentence for each directory that container root cannot write, though nobody asked for that: it
 * belongs to ids that the container has not. A single file is rather given to be read. Only the host's
 * root meets this: a plain user's files are container root's.
 */
export function unwritableBinds(
  mounts: readonly MountRequest[],
  namespace: UserNamespace | undefined,
): string[] {
  if (namespace === undefined) return [];
  return mounts.flatMap((mount) => {
    if (mount.kind !== 'bind' || mount.readOnly || mount.idmap || mount.changeOwner) return [];
    const found = statSync(mount.source, {throwIfNoEntry: false});
    if (!found?.isDirectory()) return [];
    if (isWritableToContainerRoot(found, namespace)) return [];
    return [
      `container root cannot write ${mount.target}: ${mount.source} belongs to none of its ids; :idmap shows it as its own, :ro says that this is meant`,
    ];
  });
}

/** Capabilities over a file has who has both its ids (capabilities(7), "user namespaces"). */
export function isWritableToContainerRoot(
  {uid, gid, mode}: Inode,
  {uidMappings, gidMappings}: UserNamespace,
): boolean {
  const [user, group] = [idInside(uid, uidMappings), idInside(gid, gidMappings)];
  if (user !== undefined && group !== undefined) return true;
  if (user === 0) return (mode & 0o200) !== 0;
  if (group === 0) return (mode & 0o020) !== 0;
  return (mode & 0o002) !== 0;
}

function idInside(id: number, mappings: readonly IdMapping[]): number | undefined {
  const range = mappings.find(({hostID, size}) => hostID <= id && id < hostID + size);
  return range === undefined ? undefined : range.containerID + id - range.hostID;
}
