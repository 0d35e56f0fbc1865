import {describe, expect, it} from 'vitest';
import {UsageError} from '../program/usage.ts';
import {ago, humanDuration} from './age.ts';
import {hasLabels, momentOf, parseFilters, truthOf} from './filters.ts';
import {namePattern} from './name-pattern.ts';
import {humanSize} from './size.ts';
import {tabulated} from './tabulated.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// The tables are those of go-units' own tests.
describe('a size', () => {
  it.each([
    [0, '0B'],
    [1, '1B'],
    [999, '999B'],
    [1000, '1kB'],
    [1024, '1.024kB'],
    [1_000_000, '1MB'],
    [1_048_576, '1.049MB'],
    [2_000_000, '2MB'],
    [3.42e9, '3.42GB'],
    [5.372e12, '5.372TB'],
    [2.22e15, '2.22PB'],
  ])('%d is %s', (bytes, text) => {
    expect(humanSize(bytes)).toBe(text);
  });

  it.each([
    [116_512_345, '117MB'],
    [4_261_574, '4.26MB'],
    [987, '987B'],
    [999_999, '1e+03kB'],
  ])('%d is %s with three digits', (bytes, text) => {
    expect(humanSize(bytes, 3)).toBe(text);
  });
});

describe('a span of time', () => {
  it.each([
    [450, 'Less than a second'],
    [second, '1 second'],
    [45 * second, '45 seconds'],
    [minute, 'About a minute'],
    [3 * minute, '3 minutes'],
    [35 * minute, '35 minutes'],
    [hour, 'About an hour'],
    [hour + 45 * minute, '2 hours'],
    [3 * hour, '3 hours'],
    [24 * hour, '24 hours'],
    [36 * hour, '36 hours'],
    [2 * day, '2 days'],
    [13 * day + 5 * hour, '13 days'],
    [15 * day, '2 weeks'],
    [2 * 30 * day, '2 months'],
    [23 * 30 * day, '23 months'],
    [2 * 365 * day + 2 * 30 * day, '2 years'],
  ])('%d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  it.each([undefined, 'nonsense', '1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z'])(
    'ago is not known of %s',
    (time) => expect(ago(time, Date.UTC(2026, 0, 1))).toBe('N/A'),
  );
});

describe('a pattern of names', () => {
  it.each([
    ['debian', ['debian'], ['debian:12', 'a/debian']],
    ['deb*', ['debian', 'debian:12'], ['deb/ian']],
    ['*:12', ['debian:12'], ['debian', 'a/debian:12']],
    ['*/*', ['a/b'], ['a', 'a/b/c']],
    ['debia?', ['debian'], ['debia', 'debia/']],
    ['debian:1[0-3]', ['debian:12'], ['debian:14']],
    ['debian:1[^0-3]', ['debian:14'], ['debian:12']],
    ['a.b+c', ['a.b+c'], ['axb+c']],
    ['a\\*', ['a*'], ['ab']],
  ])('%s is for %j and not for %j', (pattern, matching, others) => {
    expect(matching.filter((name) => !namePattern(pattern).test(name))).toEqual([]);
    expect(others.filter((name) => namePattern(pattern).test(name))).toEqual([]);
  });
});

describe('filters', () => {
  const now = Date.UTC(2026, 0, 31, 12);

  it('are of known keys, as KEY=VALUE', () => {
    expect([
      ...parseFilters('images', ['label=a=b', 'label=c', 'Until=1h'], ['label', 'until']),
    ]).toEqual([
      ['label', ['a=b', 'c']],
      ['until', ['1h']],
    ]);
    for (const bad of ['label', 'nope=1', '=']) {
      expect(() => parseFilters('images', [bad], ['label'])).toThrow(UsageError);
    }
  });

  it('are true or false where they are that', () => {
    const truth = (value: string) => truthOf('x', new Map([['dangling', [value]]]), 'dangling');
    expect(['true', '1', 'T', 'false', '0', 'F'].map(truth)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(() => truth('maybe')).toThrow(/is true or false, not maybe/);
    expect(truthOf('x', new Map(), 'dangling')).toBeUndefined();
  });

  it.each([
    ['24h', '2026-01-30T12:00:00.000Z'],
    ['1h30m', '2026-01-31T10:30:00.000Z'],
    ['1.5s', '2026-01-31T11:59:58.500Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05.000Z'],
  ])('until=%s is %s', (text, moment) => {
    expect(momentOf('prune', text, now).toISOString()).toBe(moment);
  });

  it.each(['', 'yesterday', '3d', '-1h', '12:00'])('until=%j is no time', (text) => {
    expect(() => momentOf('prune', text, now)).toThrow(/is no time/);
  });

  it('are for labels by key or by key and value', () => {
    const labels = {a: 'b', c: ''};
    expect(hasLabels(labels, ['a', 'a=b', 'c='])).toBe(true);
    expect(hasLabels(labels, ['a', 'd'])).toBe(false);
    expect(hasLabels(labels, ['a=c'])).toBe(false);
  });
});

describe('cells in columns', () => {
  it('are ten wide at least, three beyond the widest, in each block of lines for itself', () => {
    expect(tabulated('a\tb\tc\n0123456789\tb\tc\nno cells\nx\ty\n')).toBe(
      'a            b         c\n0123456789   b         c\nno cells\nx         y\n',
    );
  });

  it('are counted by characters', () => {
    expect(tabulated('äöüäöüäöü\tx\nab\ty')).toBe('äöüäöüäöü   x\nab          y');
  });
});
