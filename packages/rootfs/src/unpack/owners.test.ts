import {expect, it} from 'vitest';
import {ownerOf} from './owners.ts';

const map = (containerID: number, size: number) => ({containerID, hostID: 100_000, size});
const subordinate = {uidMappings: [map(0, 1), map(1, 65_536)], gidMappings: [map(0, 65_537)]};
const single = {uidMappings: [map(0, 1)], gidMappings: [map(0, 1)]};
const withoutRoot = {uidMappings: [map(1000, 1)], gidMappings: [map(1000, 1), map(50, 1)]};

it.each([
  ['all ids', undefined, [4_294_967_294, 7], {uid: 4_294_967_294, gid: 7, squashed: false}],
  [
    'the last subordinate ones',
    subordinate,
    [65_536, 65_536],
    {uid: 65_536, gid: 65_536, squashed: false},
  ],
  ['a user beyond', subordinate, [65_537, 42], {uid: 0, gid: 42, squashed: true}],
  ['a group beyond', subordinate, [42, 1_516_583_083], {uid: 42, gid: 0, squashed: true}],
  ['root alone', single, [0, 0], {uid: 0, gid: 0, squashed: false}],
  ['a group where there is root alone', single, [0, 42], {uid: 0, gid: 0, squashed: true}],
  ['root where there is none', withoutRoot, [0, 0], {uid: 1000, gid: 50, squashed: true}],
  ['an id in a gap', withoutRoot, [1000, 51], {uid: 1000, gid: 50, squashed: true}],
] as const)('%s', (_, namespace, [uid, gid], owner) => {
  expect(ownerOf(uid, gid, namespace)).toEqual(owner);
});
