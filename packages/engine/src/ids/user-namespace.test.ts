import type {IdMapping} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import type {Caller} from './caller.ts';
import type {UserNamespaceChoice} from './choice.ts';
import {chooseIds} from './user-namespace.ts';

const map = (containerID: number, hostID: number, size: number): IdMapping => ({
  containerID,
  hostID,
  size,
});
const all = [map(0, 0, 0xffff_ffff)];
const root: Caller = {uid: 0, gid: 0, rank: 'root', uids: all, gids: all};
const ranged: Caller = {
  ...{uid: 1000, gid: 100, name: 'me', rank: 'user'},
  uids: [map(0, 1000, 1), map(1, 100_000, 65_536)],
  gids: [map(0, 100, 1), map(1, 200_000, 65_536)],
};
const single: Caller = {...ranged, uids: [map(0, 1000, 1)], gids: [map(0, 100, 1)]};
const nested: Caller = {
  ...{uid: 0, gid: 0, rank: 'nested root'},
  uids: [map(0, 0, 1), map(1, 1, 999)],
  gids: [map(0, 0, 1), map(1, 1, 999)],
};
const nestedSingle: Caller = {...nested, uids: [map(0, 0, 1)], gids: [map(0, 0, 1)]};

function choose(caller: Caller, choice?: UserNamespaceChoice) {
  let taken = 0;
  const ids = chooseIds(choice, {
    caller,
    takeRange: () => {
      taken += 1;
      return 0x7000_0000;
    },
    readSubordinate: (file) =>
      file === '/etc/subuid' ? 'me:100000:65536\nsvc:5000:10\nsvc:9000:5\n' : 'svc:7000:20\n',
  });
  return {
    users: ids?.namespace.uidMappings.map((some) => Object.values(some).join(':')),
    groups: ids?.namespace.gidMappings.map((some) => Object.values(some).join(':')),
    user: ids?.user,
    taken,
  };
}

describe('the ids of a container', () => {
  test('of root are a range that is taken for it, and nothing else takes one', () => {
    const range = ['0:1879048192:65536'];
    expect(choose(root)).toEqual({users: range, groups: range, user: undefined, taken: 1});
    expect(choose(root, {kind: 'auto', size: 10})).toMatchObject({users: ['0:1879048192:10']});
    for (const choice of ['host', {kind: 'maps', maps: {uidMappings: [map(0, 5, 1)]}}] as const) {
      expect(choose(root, choice).taken).toBe(0);
    }
    expect(choose(ranged).taken + choose(nested).taken).toBe(0);
  });

  test('of root may have some of the host’s beside its range', () => {
    const maps = {uidMappings: [map(0, 1000, 1), map(5, 33, 2)]};
    expect(choose(root, {kind: 'auto', size: 8, maps})).toMatchObject({
      users: ['0:1000:1', '1:1879048192:4', '5:33:2', '7:1879048196:1'],
      groups: ['0:1879048192:8'],
    });
  });

  test('of a plain user are its own and its subordinate ones', () => {
    expect(choose(ranged)).toMatchObject({
      users: ['0:1000:1', '1:100000:65536'],
      groups: ['0:100:1', '1:200000:65536'],
    });
    expect(choose(ranged, {kind: 'auto', size: 3})).toMatchObject({
      users: ['0:1000:1', '1:100000:2'],
    });
    expect(choose(single)).toMatchObject({users: ['0:1000:1'], groups: ['0:100:1']});
  });

  test('of root of a user namespace are those that it has', () => {
    expect(choose(nested)).toMatchObject({users: ['0:0:1', '1:1:999']});
    expect(choose(nestedSingle)).toMatchObject({users: ['0:0:1']});
  });

  test('with keep-id are the caller’s as they are, and the command is the caller', () => {
    expect(choose(ranged, 'keep-id')).toEqual({
      users: ['0:100000:1000', '1000:1000:1', '1001:101000:64536'],
      groups: ['0:200000:100', '100:100:1', '101:200100:65436'],
      user: {name: 'me', uid: 1000, gid: 100},
      taken: 0,
    });
    expect(choose(single, 'keep-id')).toMatchObject({
      users: ['1000:1000:1'],
      groups: ['100:100:1'],
    });
    expect(choose(single, {kind: 'keep-id', uid: 7})).toMatchObject({
      users: ['7:1000:1'],
      groups: ['100:100:1'],
      user: {name: 'me', uid: 7, gid: 100},
    });
  });

  test('with nomap are the subordinate ones alone', () => {
    expect(choose(ranged, 'nomap')).toMatchObject({
      users: ['0:100000:65536'],
      groups: ['0:200000:65536'],
    });
  });

  test('that are mapped by hand count as the caller counts, one kind like the other', () => {
    const maps = {uidMappings: [map(0, 1, 10), map(10, 0, 1)]};
    expect(choose(ranged, {kind: 'maps', maps})).toMatchObject({
      users: ['0:100000:10', '10:1000:1'],
      groups: ['0:200000:10', '10:100:1'],
    });
    expect(choose(root, {kind: 'maps', maps: {gidMappings: [map(0, 5, 3)]}})).toMatchObject({
      users: ['0:5:3'],
      groups: ['0:5:3'],
    });
  });

  test('of a name are what /etc/subuid and /etc/subgid give it', () => {
    expect(choose(root, {kind: 'subordinate', users: 'svc'})).toMatchObject({
      users: ['0:5000:10', '10:9000:5'],
      groups: ['0:7000:20'],
    });
    expect(choose(root, {kind: 'subordinate', users: 'me', groups: 'svc'})).toMatchObject({
      users: ['0:100000:65536'],
      groups: ['0:7000:20'],
    });
  });
});

describe('what a caller has not is refused with what to do', () => {
  test.each<[string, Caller, UserNamespaceChoice, RegExp]>([
    ['the host’s ids for a plain user', ranged, 'host', /only root/],
    ['the host’s ids for root of one id', nestedSingle, 'host', /only root/],
    ['keep-id for root', root, 'keep-id', /keep-id is for plain users/],
    ['nomap for root', root, 'nomap', /nomap is for plain users/],
    ['nomap with one id', single, 'nomap', /no id but your own/],
    ['more than there are', ranged, {kind: 'auto', size: 65_538}, /there are 1 to 65537 ids/],
    ['more than a range', root, {kind: 'auto', size: 65_537}, /there are 1 to 65536 ids/],
    ['none', root, {kind: 'auto', size: 0}, /there are 1 to/],
    ['no id that there is', ranged, {kind: 'keep-id', uid: 4_294_967_295}, /there are not/],
    [
      'ids of nobody',
      single,
      {kind: 'maps', maps: {uidMappings: [map(0, 1, 1)]}},
      /the user id 1 is not among those you have: 0$/,
    ],
    ['nothing at all', root, {kind: 'maps', maps: {}}, /no user ids are mapped/],
    ['another’s ids', ranged, {kind: 'subordinate', users: 'svc'}, /not yours to map/],
    [
      'ids of a name without',
      root,
      {kind: 'subordinate', users: 'me'},
      /subgid gives no ids to me/,
    ],
  ])('%s', (_, caller, choice, message) => {
    expect(() => choose(caller, choice)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/./),
        exitCode: 125,
      }),
    );
  });
});
