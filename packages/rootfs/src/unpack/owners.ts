import type {IdMapping, UserNamespace} from '@minicontainer/spec';

/** Says what an id that a container has not was, so that nobody has to guess it. */
export const ownerAttribute = 'user.minicontainer.owner';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** One of them was not there, and is remembered. */
  readonly squashed: boolean;
}

/**
 * Ids of an archive, as those that can be written: what is beyond the mapped ones belongs to root, or where
 * that is not mapped to the first id that is.
 */
export function ownerOf(uid: number, gid: number, userNamespace: UserNamespace | undefined): Owner {
  if (userNamespace === undefined) return {uid, gid, squashed: false};
  const hasUid = isMapped(uid, userNamespace.uidMappings);
  const hasGid = isMapped(gid, userNamespace.gidMappings);
  return {
    uid: hasUid ? uid : firstOf(userNamespace.uidMappings),
    gid: hasGid ? gid : firstOf(userNamespace.gidMappings),
    squashed: !(hasUid && hasGid),
  };
}

function isMapped(id: number, mappings: readonly IdMapping[]): boolean {
  return mappings.some(({containerID, size}) => containerID <= id && id < containerID + size);
}

function firstOf(mappings: readonly IdMapping[]): number {
  return Math.min(...mappings.map(({containerID}) => containerID));
}
