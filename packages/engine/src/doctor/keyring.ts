import {readCaller} from '../ids/caller.ts';
import {type Check, good, warning} from './check.ts';
import {raise} from './namespaces.ts';
import {readOptional} from './read.ts';

export function checkKeyring(): Check[] {
  const {rank, uid} = readCaller();
  return [judgeKeyring(rank === 'root' ? undefined : uid, readOptional('/proc/key-users'))];
}

/**
 * A session keyring of its own keeps the caller's keys from a container; it counts to who makes it.
 *
 * @param uid whose quota it is; undefined for ids that no other container has
 * @param users contents of /proc/key-users
 * @see proc_key-users(5), keyrings(7)
 */
export function judgeKeyring(uid: number | undefined, users: string | undefined): Check {
  const name = 'session keyring';
  if (users === undefined) return good(name, 'the kernel keeps no keys: none can be reached');
  const row = users.split('\n').find((line) => line.trim().startsWith(`${uid}:`));
  const [, used, most] = /\s(\d+)\/(\d+)\s+\d+\/\d+$/.exec(row ?? '') ?? [];
  if (uid === undefined || used === undefined || most === undefined) return good(name, 'its own');
  if (Number(used) < Number(most)) return good(name, `its own: ${used} keys of ${most} are used`);
  return warning(
    name,
    `all ${most} keys of the user are used: a container could reach the session keys of its caller`,
    raise('kernel.keys.maxkeys', Number(most) * 10),
  );
}
