import {spawnSync} from 'node:child_process';
import {accessSync, constants, readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {describe} from 'vitest';

/** Somebody who starts containers. */
export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** What ids its containers have: a range apart from all of the host's, its own and a subordinate range, its own alone. */
  readonly ids: 'shifted' | 'subordinate' | 'single';
  /** False where scripts/setup-debian has not been run: what needs it is skipped. */
  readonly exists: boolean;
}

const self = process.getuid?.() ?? 0;

export const isRoot = self === 0;

/** Root can be everybody; a plain user is only itself. */
export const people: readonly Person[] = isRoot
  ? [
      {name: 'root', uid: 0, gid: 0, ids: 'shifted', exists: true},
      lookUp('mctest', 'subordinate'),
      lookUp('mcsolo', 'single'),
    ]
  : [plainUser()];

/** The first of the people: root where that is possible. */
export const someone: Person = people[0] ?? plainUser();

/** One group of tests for each person, named after it. */
export function describeEach(title: string, tests: (person: Person) => void): void {
  for (const person of people) {
    describe.skipIf(!person.exists)(`${title}, as ${person.name}`, () => tests(person));
  }
}

/** For what only the host's root can start or set up: skipped for a plain user, who cannot. */
export function describeRoot(title: string, tests: () => void): void {
  describe.runIf(isRoot)(`only root: ${title}`, tests);
}

function lookUp(name: string, ids: Person['ids']): Person {
  const {status, stdout} = spawnSync('getent', ['passwd', name], {encoding: 'utf8'});
  const [, , uid, gid] = stdout.split(':');
  return {name, uid: Number(uid), gid: Number(gid), ids, exists: status === 0};
}

function plainUser(): Person {
  const {username, uid, gid} = userInfo();
  const ranged = ['/etc/subuid', '/etc/subgid'].every((file) => hasRange(file, username, uid));
  const ids = ranged && isExecutable('/usr/bin/newuidmap') ? 'subordinate' : 'single';
  return {name: username, uid, gid, ids, exists: true};
}

function hasRange(file: string, username: string, uid: number): boolean {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`));
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
