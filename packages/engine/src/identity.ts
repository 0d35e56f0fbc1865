import {readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import type {NamedUser} from '@minicontainer/plan';
import type {IdMapping, UserNamespace} from '@minicontainer/spec';
import {findProgram} from './host-facts.ts';
import {parseSubordinate, rangeSize} from './id-ranges.ts';
import type {RunOptions} from './options.ts';

/** Ids are 32 bits, the last stands for "none". */
const idCount = 4294967295;

/** Whether the container shares the host's ids. */
export function sharesHostIds(options: RunOptions, uid: number): boolean {
  if (uid === 0) return options.privileged === true || options.userns === 'host';
  if (options.userns !== 'host') return false;
  throw new MinicontainerError('EUSERNS', 'only root can share the ids of the host', {
    hint: 'leave out --userns host: a plain user is root in a user namespace of its own',
  });
}

/** The user namespace of a container that the host's root starts. */
export function shiftedNamespace(base: number): UserNamespace {
  const mapping = [{containerID: 0, hostID: base, size: rangeSize}];
  return {uidMappings: mapping, gidMappings: mapping};
}

/** The caller is root inside; the ids after it are those that subuid(5) gives, where there are any. */
export function userNamespaceOf(uid: number, gid: number): UserNamespace {
  const single = {
    uidMappings: [{containerID: 0, hostID: uid, size: 1}],
    gidMappings: [{containerID: 0, hostID: gid, size: 1}],
  };
  if (findProgram('newuidmap') === undefined || findProgram('newgidmap') === undefined)
    return single;
  const uids = subordinateIds('/etc/subuid', uid);
  const gids = subordinateIds('/etc/subgid', uid);
  if (uids.length === 0 || gids.length === 0) return single;
  return {
    uidMappings: [...single.uidMappings, ...uids],
    gidMappings: [...single.gidMappings, ...gids],
  };
}

function subordinateIds(file: string, uid: number): IdMapping[] {
  const text = readText(file);
  if (text === '') return [];
  const name = userName();
  let next = 1;
  return parseSubordinate(text)
    .filter(({owner}) => owner === String(uid) || owner === name)
    .map(({start, count}) => {
      const mapping = {containerID: next, hostID: start, size: count};
      next += count;
      return mapping;
    });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/**
 * The user that `-u` names.
 *
 * @throws {MinicontainerError} `EUSER` for what is neither a name nor an id
 */
export function parseUser(text: string): NamedUser {
  const [user = '', group, ...rest] = text.split(':');
  if (rest.length > 0 || !isNameOrId(user) || (group !== undefined && !isNameOrId(group))) {
    throw new MinicontainerError('EUSER', `"${text}" is not a user`, {
      hint: 'write name, uid, name:group or uid:gid, such as -u 1000:1000',
    });
  }
  return {user, group: group ?? ''};
}

/** A number is an id and never a name, so it must be one that there can be (CVE-2016-3697, CVE-2026-30892). */
function isNameOrId(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) < idCount;
  return /^[A-Za-z_][\w.-]*\$?$/.test(text);
}
