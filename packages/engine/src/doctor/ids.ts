import {statSync} from 'node:fs';
import {hasAttribute, statfs} from '@minicontainer/syscalls';
import {findProgram} from '../host-facts.ts';
import {countFreeRanges, rangeSize} from '../id-ranges.ts';
import {type Caller, readCaller, readText} from '../ids/caller.ts';
import {parseSubordinate} from '../ids/subordinate.ts';
import {callerState} from '../state.ts';
import {type Check, good, warning} from './check.ts';
import {readOptional} from './read.ts';

/** Which ids this caller's containers have. */
export function checkIds(): Check[] {
  const caller = readCaller();
  if (caller.rank === 'root') return [judgeRanges(readFreeRanges())];
  const given = judgeSubordinate(caller, {
    uids: countGiven('/etc/subuid', caller),
    gids: countGiven('/etc/subgid', caller),
  });
  if (caller.rank === 'nested root') return [given];
  const unprivileged = /^NoNewPrivs:\s*1$/m.test(readOptional('/proc/self/status') ?? '');
  return [
    given,
    ...['newuidmap', 'newgidmap'].map((name) => judgeMapper(name, look(name, unprivileged))),
  ];
}

export function judgeRanges({free, all}: {free: number; all: number}): Check {
  const name = 'id ranges';
  return free > 0
    ? good(
        name,
        `${free} of ${all} are free: a container has ${rangeSize} ids that nobody else has`,
      )
    : warning(
        name,
        `all ${all} are in use, or in /etc/subuid: a container needs --userns host`,
        'end some containers, or take ids from 1879048192 on out of /etc/subuid and /etc/subgid',
      );
}

/** @param given how many ids the files give to the caller, whether it can map them or not */
export function judgeSubordinate(
  {rank, uids, name: caller}: Pick<Caller, 'rank' | 'uids' | 'name'>,
  given: {readonly uids: number; readonly gids: number},
): Check {
  const name = 'subordinate ids';
  const count = uids.reduce((sum, {size}) => sum + size, 0);
  if (count > 1) return good(name, `${count} ids in a container`);
  const found = 'one id in a container: no user but root there';
  if (rank === 'nested root') {
    return warning(name, found, 'start the user namespace around this with more ids');
  }
  if (given.uids > 0 && given.gids > 0) {
    return warning(name, `${found}, as nothing can map the others`, installMappers);
  }
  const user = caller ?? 'NAME';
  const flags = [
    given.uids > 0 ? '' : ' --add-subuids 100000-165535',
    given.gids > 0 ? '' : ' --add-subgids 100000-165535',
  ];
  return warning(name, found, `as root: usermod${flags.join('')} ${user}`);
}

const installMappers = 'as root: apt-get install uidmap';

export interface MapperFacts {
  readonly path: string | undefined;
  /** A set-user-ID bit of root's, or file capabilities. */
  readonly privileged: boolean;
  /** On a mount with nosuid, which takes the privilege away. */
  readonly nosuid: boolean;
  /** This process gains no privileges by what it executes (PR_SET_NO_NEW_PRIVS). */
  readonly noNewPrivileges: boolean;
}

export function judgeMapper(name: string, facts: MapperFacts): Check {
  const {path, privileged, nosuid, noNewPrivileges} = facts;
  const useless = 'subordinate ids cannot be used';
  if (path === undefined) return warning(name, `missing: ${useless}`, installMappers);
  if (!privileged) {
    const fix = 'as root: apt-get install --reinstall uidmap';
    return warning(
      name,
      `${path} is neither set-user-ID root nor has file capabilities: ${useless}`,
      fix,
    );
  }
  if (nosuid) {
    return warning(
      name,
      `${path} is on a mount with nosuid: ${useless}`,
      `as root: mount -o remount,suid "$(findmnt -no TARGET -T ${path})"`,
    );
  }
  if (noNewPrivileges) {
    return warning(
      name,
      `this process has no_new_privs, which takes its privileges: ${useless}`,
      'start from a shell that does not have it',
    );
  }
  return good(name, path);
}

function look(name: string, noNewPrivileges: boolean): MapperFacts {
  const path = findProgram(name);
  if (path === undefined) return {path, privileged: false, nosuid: false, noNewPrivileges};
  const {mode, uid} = statSync(path);
  return {
    path,
    privileged: ((mode & 0o4000) !== 0 && uid === 0) || hasAttribute(path, 'security.capability'),
    nosuid: (statfs(path).f_flags & ST_NOSUID) !== 0,
    noNewPrivileges,
  };
}

const ST_NOSUID = 2;

function readFreeRanges(): {free: number; all: number} {
  return countFreeRanges(callerState(), `${readText('/etc/subuid')}\n${readText('/etc/subgid')}`);
}

function countGiven(file: '/etc/subuid' | '/etc/subgid', {uid, name}: Caller): number {
  return parseSubordinate(readText(file))
    .filter(({owner}) => owner === String(uid) || owner === name)
    .reduce((sum, {count}) => sum + count, 0);
}
