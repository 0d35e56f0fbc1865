import {realpathSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import {type NamedUser, type Operation, operation} from '@minicontainer/plan';
import type {IdMapping, UserNamespace} from '@minicontainer/spec';
import type {MountRequest} from './options.ts';

type Bind = Extract<MountRequest, {kind: 'bind'}>;

/** Who changes owners, and to whom. */
export interface NewOwner {
  readonly user: NamedUser;
  readonly namespace: UserNamespace | undefined;
  /** The supervisor has the host's ids; else it is container root, with those of the container. */
  readonly bySupervisor: boolean;
  /** The caller's home directory, which is never given away. */
  readonly home: string | undefined;
}

/** Of these nothing is given away, whatever is below. */
const systemTrees = /^\/(bin|boot|dev|etc|lib\w*|proc|sbin|sys|usr)(\/|$)/;
/** Of these not all, but directories in them. */
const systemDirectories =
  /^\/(|home|media|mnt|opt|root|run|srv|tmp|var|var\/(cache|lib|log|run|spool|tmp)|home\/[^/]+)$/;

/**
 * The operations that give sources of binds to the container's user, where that is asked for (`:U`).
 *
 * @throws {MinicontainerError} `EOWNER` for a tree that belongs to the system, `EUSER` for a user whose
 *   ids are known only inside, or not there
 */
export function changeOwners(mounts: readonly MountRequest[], owner: NewOwner): Operation[] {
  return mounts.flatMap((mount) =>
    mount.kind === 'bind' && mount.changeOwner === true ? [changeOwner(mount, owner)] : [],
  );
}

function changeOwner({source, idmap}: Bind, owner: NewOwner): Operation {
  // By its real name, which nsexec opens without following a link: nobody leads it elsewhere meanwhile.
  const path = realpathSync(source);
  if (systemTrees.test(path) || systemDirectories.test(path) || path === owner.home) {
    throw new MinicontainerError('EOWNER', `${path} is not given to a container (:U)`, {
      hint: 'the system, or all your files, would change owner: bind a directory in it',
    });
  }
  if (idmap !== undefined && idmap !== 'container') {
    throw new MinicontainerError('EOWNER', `${path}: U and idmap= contradict each other`, {
      hint: 'leave one of them out: idmap= says whose files are whose, U changes them',
    });
  }
  const ids = numbersOf(owner.user);
  const outside = {
    uid: onHost(ids.uid, owner.namespace?.uidMappings),
    gid: onHost(ids.gid, owner.namespace?.gidMappings),
  };
  // An idmapped mount of the container's shows the owners on disk as the same numbers inside.
  const args = owner.bySupervisor && idmap === undefined ? outside : ids;
  return operation(
    owner.bySupervisor ? 'prepare' : 'build',
    'changeOwners',
    {path, ...args},
    "U gives it to the container's user",
  );
}

/** The container's passwd file is the container's: what it says is known when nothing can be changed any more. */
function numbersOf({user, group}: NamedUser): {uid: number; gid: number} {
  if (/^\d+$/.test(user) && /^\d+$/.test(group)) return {uid: Number(user), gid: Number(group)};
  const text = group === '' ? user : `${user}:${group}`;
  throw new MinicontainerError('EUSER', `U cannot tell whose files are to be: -u ${text}`, {
    hint: 'write both as numbers, as in -u 33:33',
  });
}

function onHost(id: number, mappings: readonly IdMapping[] | undefined): number {
  if (mappings === undefined) return id;
  const range = mappings.find(
    ({containerID, size}) => containerID <= id && id < containerID + size,
  );
  if (range !== undefined) return range.hostID + id - range.containerID;
  throw new MinicontainerError('EUSER', `${id} is not among the ids that the container has`, {
    hint: 'choose another with -u, or map it: --uidmap, --gidmap',
  });
}
