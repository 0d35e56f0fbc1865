import {mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {rangeBase, rangeSize, releaseRanges, takeRange} from './id-ranges.ts';

let state = '';
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'minicontainer-ranges-'));
});
afterEach(() => {
  rmSync(state, {recursive: true});
});

function container(id: string) {
  return {id, path: join(state, 'containers', id), lock: -1};
}

function held(): string[] {
  return readdirSync(join(state, 'ranges')).sort();
}

function occupy(n: number): void {
  mkdirSync(join(state, 'ranges'), {recursive: true});
  writeFileSync(join(state, 'ranges', String(n)), 'another');
}

describe('a range of ids', () => {
  test('belongs to one container alone, by a link with its id', () => {
    const [first, second] = [
      takeRange(state, container('a'), ''),
      takeRange(state, container('b'), ''),
    ];
    expect(first).toEqual({base: rangeBase(0), file: join(state, 'ranges', '0')});
    expect(second.base).toBe(first.base + rangeSize);
    expect(readlinkSync(first.file)).toBe('a');
    expect(readlinkSync(second.file)).toBe('b');
  });

  test('is free again once it is given back, and no other is', () => {
    for (const id of ['a', 'b', 'a']) takeRange(state, container(id), '');
    releaseRanges(state, container('a'));
    expect(held()).toEqual(['1']);
    expect(takeRange(state, container('c'), '').base).toBe(rangeBase(0));
  });

  test('is left where it is when there is nothing to give back', () => {
    expect(() => releaseRanges(state, container('a'))).not.toThrow();
  });

  test('is none that somebody else has taken meanwhile', () => {
    occupy(0);
    occupy(1);
    expect(takeRange(state, container('a'), '').base).toBe(rangeBase(2));
  });

  test('is never one that /etc/subuid or /etc/subgid gives away', () => {
    const reach = `${rangeBase(1) - 10}`;
    const subordinate = [
      `low:100000:65536`,
      `me:${reach}:11`,
      `inside:${rangeBase(3) + 5}:1`,
      `over:${rangeBase(4) - 1}:${rangeSize * 2}`,
    ].join('\n');
    // `me` ends in the first id of range 1 and begins in the last ones of range 0.
    expect(takeRange(state, container('a'), subordinate).base).toBe(rangeBase(2));
    expect(takeRange(state, container('b'), subordinate).base).toBe(rangeBase(6));
  });

  test('lies above every id that a host gives out, and below 2^31', () => {
    expect(rangeBase(0)).toBeGreaterThan(0x10000000);
    expect(rangeBase(4096)).toBeLessThanOrEqual(2 ** 31);
  });

  test('is refused by name when all are in use', () => {
    for (let n = 0; n < 4096; n += 1) occupy(n);
    expect(failure(() => takeRange(state, container('a'), ''))).toMatchObject({
      code: 'EIDMAP',
      message: 'all 4096 id ranges are in use',
    });
  });

  test('is refused by name when they cannot be kept', () => {
    writeFileSync(join(state, 'ranges'), '');
    expect(failure(() => takeRange(state, container('a'), ''))).toMatchObject({code: 'ESTATE'});
  });
});

function failure(act: () => unknown): MinicontainerError {
  try {
    act();
  } catch (error) {
    if (error instanceof MinicontainerError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
