import {readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import type {IdMapping} from '@minicontainer/spec';
import {findProgram} from '../host-facts.ts';
import {isNested} from './nesting.ts';
import {parseSubordinate} from './subordinate.ts';

/** Who starts a container, and which ids that gives it to map. */
export interface Caller {
  readonly uid: number;
  readonly gid: number;
  /** Its name in the host's passwd file, where it has one. */
  readonly name?: string;
  /** Root of the host, root of a user namespace, or a plain user. */
  readonly rank: 'root' | 'nested root' | 'user';
  /** What the caller may map: `hostID` as it counts itself, `containerID` as it asks for them. */
  readonly uids: readonly IdMapping[];
  readonly gids: readonly IdMapping[];
}

const allIds: readonly IdMapping[] = [{containerID: 0, hostID: 0, size: 0xffff_ffff}];

/** This process as the caller. */
export function readCaller(): Caller {
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  if (uid !== 0) return {uid, gid, rank: 'user', ...named(), ...subordinateIds(uid, gid)};
  if (!isNested()) return {uid, gid, rank: 'root', uids: allIds, gids: allIds};
  return {uid, gid, rank: 'nested root', uids: ownIds('uid_map'), gids: ownIds('gid_map')};
}

/** Root of a user namespace has what was mapped into it, and no id of the host by another number. */
function ownIds(file: string): IdMapping[] {
  return readText(`/proc/self/${file}`)
    .split('\n')
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+\d+\s+(\d+)\s*$/.exec(line);
      const start = Number(match?.[1]);
      return match === null ? [] : [{containerID: start, hostID: start, size: Number(match[2])}];
    });
}

/** The caller, then the ids that subuid(5) gives, where there are any and the programs to map them. */
function subordinateIds(uid: number, gid: number): Pick<Caller, 'uids' | 'gids'> {
  const own = {uids: [first(uid)], gids: [first(gid)]};
  if (findProgram('newuidmap') === undefined || findProgram('newgidmap') === undefined) return own;
  const owners = [String(uid), ...Object.values(named())];
  const uids = given('/etc/subuid', owners);
  const gids = given('/etc/subgid', owners);
  if (uids.length === 0 || gids.length === 0) return own;
  return {uids: [...own.uids, ...uids], gids: [...own.gids, ...gids]};
}

function first(id: number): IdMapping {
  return {containerID: 0, hostID: id, size: 1};
}

function given(file: string, owners: readonly string[]): IdMapping[] {
  let next = 1;
  return parseSubordinate(readText(file))
    .filter(({owner}) => owners.includes(owner))
    .map(({start, count}) => {
      const mapping = {containerID: next, hostID: start, size: count};
      next += count;
      return mapping;
    });
}

function named(): Pick<Caller, 'name'> {
  try {
    return {name: userInfo().username};
  } catch {
    return {};
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
