import type {ProgressEvent} from '@minicontainer/engine/images';
import {describe, expect, it} from 'vitest';
import {pullWords, pushWords, transferLine} from './line.ts';
import {secondsLeft, Transfers} from './transfers.ts';

function event(
  phase: ProgressEvent['phase'],
  currentBytes = 0,
  totalBytes = 0,
  id = '4f4fb700ef54',
): ProgressEvent {
  return {id, phase, currentBytes, totalBytes};
}

/** A layer of 100 MB that comes at 10 MB/s, after some seconds. */
function downloading(seconds: number): Transfers {
  const transfers = new Transfers();
  for (let ms = 0; ms <= seconds * 1000; ms += 100) {
    transfers.update(event('downloading', ms * 10_000, 100_000_000), ms);
  }
  return transfers;
}

function line(transfers: Transfers, columns = 100): string {
  const [transfer] = transfers.all();
  if (transfer === undefined) throw new Error('nothing is under way');
  return transferLine(transfer, pullWords, columns);
}

describe('the line of a layer', () => {
  it('has a bar, bytes, speed and the time that is left', () => {
    expect(line(downloading(4))).toBe(
      '4f4fb700ef54: Downloading  [==========>              ]     40MB/100MB    10MB/s  6s',
    );
  });

  it.each([
    ['waiting', '4f4fb700ef54: Waiting'],
    ['verifying', '4f4fb700ef54: Verifying'],
    ['done', '4f4fb700ef54: Pull complete'],
    ['exists', '4f4fb700ef54: Already exists'],
  ] as const)('has a word alone for what is %s', (phase, expected) => {
    const transfers = new Transfers();
    transfers.update(event(phase, 5, 10), 0);
    expect(line(transfers)).toBe(expected);
  });

  it('is in the words of a push for a push', () => {
    const transfers = new Transfers();
    transfers.update(event('uploading', 5_000_000, 10_000_000), 0);
    const [transfer] = transfers.all();
    expect(transfer && transferLine(transfer, pushWords, 60)).toBe(
      '4f4fb700ef54: Pushing           5MB/10MB',
    );
  });

  it('says how much is unpacked where nobody knows of how much', () => {
    const transfers = new Transfers();
    transfers.update(event('unpacking', 1_500_000), 0);
    expect(line(transfers)).toBe('4f4fb700ef54: Extracting           1.5MB');
  });

  it.each([1, 10, 20, 40, 60, 79, 80, 89, 90, 200])('is never wider than %i columns', (columns) => {
    const text = line(downloading(4), columns);
    expect(text.length).toBeLessThan(Math.max(2, columns));
    expect('4f4fb700ef54: Downloading'.startsWith(text.slice(0, 25))).toBe(true);
  });

  it('counts hours and minutes of what is slow', () => {
    const transfers = new Transfers();
    for (let ms = 0; ms <= 1000; ms += 250) {
      transfers.update(event('downloading', ms, 3_700_000), ms);
    }
    expect(line(transfers)).toMatch(/ 1h01m$/);
  });
});

describe('what is under way', () => {
  it('comes at the speed of the last seconds', () => {
    const transfers = downloading(5);
    for (let ms = 5100; ms <= 20_000; ms += 100) {
      transfers.update(event('downloading', 50_000_000, 100_000_000), ms);
    }
    expect(transfers.all()[0]?.bytesPerSecond).toBeLessThan(100_000);
  });

  it('has no time left to tell when nothing comes any more', () => {
    const transfers = downloading(5);
    for (let ms = 6000; ms <= 60_000; ms += 1000) transfers.tick(ms);
    const [transfer] = transfers.all();
    expect(transfer?.bytesPerSecond).toBeLessThan(1);
    expect(transfer && secondsLeft(transfer)).toBeUndefined();
  });

  it('has no speed and no time left at the beginning of a phase', () => {
    const transfers = downloading(4);
    transfers.update(event('unpacking', 0, 300_000_000), 4100);
    const [transfer] = transfers.all();
    expect(transfer?.bytesPerSecond).toBeUndefined();
    expect(transfer && secondsLeft(transfer)).toBeUndefined();
  });

  it('is told when a phase begins, once', () => {
    const transfers = new Transfers();
    expect(transfers.update(event('downloading', 0, 10), 0).map(({phase}) => phase)).toEqual([
      'downloading',
    ]);
    expect(transfers.update(event('downloading', 5, 10), 50)).toEqual([]);
    expect(transfers.update(event('unpacking', 0, 10), 60)).toHaveLength(1);
  });

  it('is nothing to tell of as long as all is there, and then is told whole', () => {
    const transfers = new Transfers();
    expect(transfers.update(event('exists', 1, 1, 'a'), 0)).toEqual([]);
    expect(transfers.moved).toBe(false);
    expect(transfers.update(event('waiting', 0, 1, 'b'), 1).map(({id}) => id)).toEqual(['a', 'b']);
    expect(transfers.moved).toBe(true);
  });
});
