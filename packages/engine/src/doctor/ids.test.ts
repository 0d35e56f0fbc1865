import {describe, expect, test} from 'vitest';
import {judgeMapper, judgeRanges, judgeSubordinate, type MapperFacts} from './ids.ts';

const own = {containerID: 0, hostID: 1000, size: 1};
const more = {containerID: 1, hostID: 100_000, size: 65_536};
const user = {rank: 'user', name: 'ann'} as const;

describe('ranges of root', () => {
  test('are told by how many are free', () => {
    expect(judgeRanges({free: 3, all: 4})).toMatchObject({
      ok: true,
      found: expect.stringMatching(/^3 of 4/),
    });
    expect(judgeRanges({free: 0, all: 4})).toMatchObject({
      ok: 'warn',
      found: expect.stringMatching(/--userns host/),
    });
  });
});

describe('subordinate ids', () => {
  test('are counted with the own id', () => {
    const check = judgeSubordinate({...user, uids: [own, more]}, {uids: 65_536, gids: 65_536});
    expect(check).toEqual({name: 'subordinate ids', ok: true, found: '65537 ids in a container'});
  });

  test.each([
    [{uids: 0, gids: 0}, / --add-subuids \S+ --add-subgids \S+ ann$/],
    [{uids: 65_536, gids: 0}, /usermod --add-subgids \S+ ann$/],
    [{uids: 65_536, gids: 65_536}, /install uidmap/],
  ])('that are not there, %j given, are told with what to do', (given, fix) => {
    expect(judgeSubordinate({...user, uids: [own]}, given)).toMatchObject({
      ok: 'warn',
      found: expect.stringMatching(/^one id in a container/),
      fix: expect.stringMatching(fix),
    });
  });

  test('of nested root come from the namespace around it', () => {
    const check = judgeSubordinate({rank: 'nested root', uids: [own]}, {uids: 0, gids: 0});
    expect(check.fix).toMatch(/namespace around/);
  });
});

describe('newuidmap', () => {
  const path = '/usr/bin/newuidmap';
  const good: MapperFacts = {path, privileged: true, nosuid: false, noNewPrivileges: false};

  test.each<[string, Partial<MapperFacts>, RegExp, RegExp]>([
    ['is not installed', {path: undefined}, /^missing/, /apt-get install uidmap/],
    ['has no privilege', {privileged: false}, /neither set-user-ID/, /--reinstall uidmap/],
    ['is on a mount with nosuid', {nosuid: true}, /nosuid/, /remount,suid/],
    ['gains nothing', {noNewPrivileges: true}, /no_new_privs/, /shell/],
  ])('that %s cannot map', (_, facts, found, fix) => {
    expect(judgeMapper('newuidmap', {...good, ...facts})).toMatchObject({
      ok: 'warn',
      found: expect.stringMatching(found),
      fix: expect.stringMatching(fix),
    });
  });

  test('is told by its path', () => {
    expect(judgeMapper('newuidmap', good)).toMatchObject({ok: true, found: path});
  });
});
