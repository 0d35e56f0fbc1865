import {MinicontainerError} from '@minicontainer/errors';
import type {NamedUser} from '@minicontainer/plan';

/** Ids are 32 bits, the last stands for "none". */
const idCount = 4294967295;

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

/**
 * A user with more groups.
 *
 * @throws {MinicontainerError} `EUSER` for what is neither a name nor an id
 */
export function withGroups(user: NamedUser, groups: readonly string[] = []): NamedUser {
  for (const group of groups) {
    if (group === 'keep-groups') {
      throw new MinicontainerError('EUSER', "the caller's groups are not kept", {
        hint: 'the container would have rights that it can name by no id: add those of its own by name or number',
      });
    }
    if (!isNameOrId(group)) {
      throw new MinicontainerError('EUSER', `"${group}" is not a group`, {
        hint: 'write a name or a number, such as --group-add audio',
      });
    }
  }
  return groups.length === 0 ? user : {...user, groups};
}

/** A number is an id and never a name, so it must be one that there can be (CVE-2016-3697, CVE-2026-30892). */
function isNameOrId(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) < idCount;
  return /^[A-Za-z_][\w.-]*\$?$/.test(text);
}
