import {MinicontainerError} from '@minicontainer/errors';
import type {NamedUser} from '@minicontainer/plan';
import type {Spec} from '@minicontainer/spec';

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

/**
 * A specification with the ids of a user whom no file of the container has to tell. Its own group is among
 * the supplementary ones, too, where there may be any: it could give up what a file denies to that group
 * otherwise (CVE-2022-36109).
 */
export function withKnownIds(spec: Spec, user: NamedUser, setgroups: boolean): Spec {
  const ids = [user.user, user.group, ...(user.groups ?? [])];
  if (spec.process === undefined || !ids.every((id) => /^\d+$/.test(id))) return spec;
  const [uid = 0, gid = 0, ...more] = ids.map(Number);
  const additionalGids = [...new Set([gid, ...more])];
  const {process} = spec;
  return {
    ...spec,
    process: {...process, user: {...process.user, uid, gid, ...(setgroups && {additionalGids})}},
  };
}

/** A number is an id and never a name, so it must be one that there can be (CVE-2016-3697, CVE-2026-30892). */
function isNameOrId(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) < idCount;
  return /^[A-Za-z_][\w.-]*\$?$/.test(text);
}
