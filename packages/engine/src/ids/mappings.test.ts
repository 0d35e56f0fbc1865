import type {IdMapping} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {checkMappings, fillUp, mapThrough} from './mappings.ts';

const map = (containerID: number, hostID: number, size: number): IdMapping => ({
  containerID,
  hostID,
  size,
});
/** A plain user with two subordinate ranges. */
const available = [map(0, 1000, 1), map(1, 100_000, 10), map(11, 500_000, 5)];

describe('mappings', () => {
  test.each<[string, readonly IdMapping[], RegExp]>([
    ['that are none', [], /no user ids are mapped/],
    ['of nothing', [map(0, 0, 0)], /0:0:0 maps no user id/],
    ['beyond the last id inside', [map(4_294_967_294, 0, 2)], /ids that there are not/],
    ['beyond the last id outside', [map(0, 4_294_967_295, 1)], /ids that there are not/],
    [
      'that overlap inside',
      [map(0, 0, 10), map(9, 100, 1)],
      /id 9 of the container is mapped twice/,
    ],
    ['that overlap outside', [map(0, 5, 10), map(50, 0, 6)], /id 5 outside it is mapped twice/],
    ['of too many lines', Array.from({length: 341}, (_, n) => map(n, n, 1)), /takes 340/],
  ])('%s are refused with what to do', (_, mappings, message) => {
    expect(() => checkMappings('user', mappings)).toThrow(
      expect.objectContaining({
        code: 'EIDMAP',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/./),
      }),
    );
  });

  test('that touch are as good as others', () => {
    expect(() =>
      checkMappings('group', [map(10, 0, 10), map(0, 10, 10), map(4_294_967_294, 30, 1)]),
    ).not.toThrow();
  });
});

describe('what a plain user asks for by its own count', () => {
  test.each<[string, IdMapping, readonly IdMapping[]]>([
    ['its own id', map(5, 0, 1), [map(5, 1000, 1)]],
    ['a subordinate id', map(0, 3, 2), [map(0, 100_002, 2)]],
    [
      'ids of several ranges',
      map(0, 0, 13),
      [map(0, 1000, 1), map(1, 100_000, 10), map(11, 500_000, 2)],
    ],
  ])('is %s', (_, asked, mapped) => {
    expect(mapThrough('user', [asked], available)).toEqual(mapped);
  });

  test.each([map(0, 16, 1), map(0, 15, 2)])('is refused where it has no such id: %j', (asked) => {
    expect(() => mapThrough('group', [asked], available)).toThrow(
      /the group id 16 is not among those you have: 0, 1 to 10, 11 to 15/,
    );
  });
});

describe('the ids that nobody asked for', () => {
  test('are those that are left, in order', () => {
    expect(fillUp([], [{start: 100, size: 5}], 5)).toEqual([map(0, 100, 5)]);
    expect(fillUp([map(2, 0, 1)], [{start: 0, size: 6}], 6)).toEqual([
      map(0, 1, 2),
      map(2, 0, 1),
      map(3, 3, 3),
    ]);
    expect(fillUp([map(70, 0, 1)], [{start: 0, size: 1}], 1)).toEqual([map(70, 0, 1)]);
  });

  test('never give an id twice, on either side, whatever was asked for', () => {
    for (let containerID = 0; containerID < 9; containerID += 1) {
      for (let hostID = 0; hostID < 7; hostID += 1) {
        for (let size = 1; size < 4; size += 1) {
          const ranges = [
            {start: 0, size: 2},
            {start: 2, size: 4},
            {start: 50, size: 3},
          ];
          const filled = fillUp([map(containerID, hostID, size)], ranges, 8);
          expect(() => checkMappings('user', filled)).not.toThrow();
          expect(filled).toContainEqual(map(containerID, hostID, size));
        }
      }
    }
  });
});
