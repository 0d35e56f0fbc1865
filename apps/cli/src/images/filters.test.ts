import {describe, expect, it} from 'vitest';
import {parseFilters} from '../listing/filters.ts';
import {type FilteredImage, filterImages, imageFilterKeys} from './image-filter.ts';
import {pruneFilter, pruneFilterKeys} from './prune-filter.ts';

const now = Date.UTC(2026, 0, 31);

function image(
  digit: string,
  name: string | undefined,
  created: string,
  Labels: Record<string, string> = {},
): FilteredImage {
  const colon = name?.lastIndexOf(':') ?? 0;
  return {
    image: {
      id: `sha256:${digit.repeat(64)}`,
      ...(name === undefined ? {} : {name: `docker.io/library/${name}`}),
      created,
      namedAt: created,
      settings: {Labels},
    },
    ...(name === undefined ? {} : {repository: name.slice(0, colon), tag: name.slice(colon + 1)}),
  };
}

const images = [
  image('1', 'debian:12', '2026-01-01T00:00:00Z', {version: '12'}),
  image('2', 'busybox:latest', '2025-06-01T00:00:00Z', {version: '1', small: ''}),
  image('3', undefined, '2024-01-01T00:00:00Z'),
];

function filtered(...given: string[]): string {
  return filterImages(images, parseFilters('images', given, imageFilterKeys), now)
    .map(({image: {id}}) => id.slice(7, 8))
    .join('');
}

describe('images --filter', () => {
  it.each([
    [[], '123'],
    [['dangling=true'], '3'],
    [['dangling=false'], '12'],
    [['reference=debian'], '1'],
    [['reference=debian:12'], '1'],
    [['reference=b*'], '2'],
    [['reference=docker.io/library/*'], '12'],
    [['reference=debian', 'reference=busybox'], '12'],
    [['label=version'], '12'],
    [['label=version', 'label=small'], '2'],
    [['label=version=12'], '1'],
    [['before=busybox'], '3'],
    [['since=busybox:latest'], '1'],
    [['since=333333'], '12'],
    [['before=sha256:1111'], '23'],
    [['until=2025-12-31'], '23'],
    [['until=2025-12-31', 'dangling=false'], '2'],
  ])('%j leaves %s', (given, expected) => {
    expect(filtered(...given)).toBe(expected);
  });

  it('names what it cannot compare with', () => {
    expect(() => filtered('before=nope')).toThrow(/there is no image nope here/);
  });
});

describe('prune --filter', () => {
  it.each([
    [[], '123'],
    [['until=2025-12-31'], '23'],
    [['until=720h'], '23'],
    [['label=version'], '12'],
    [['label!=version'], '3'],
    [['label!=version=12'], '23'],
    [['label=version', 'label!=small'], '1'],
  ])('%j takes %s', (given, expected) => {
    const takes = pruneFilter(parseFilters('prune', given, pruneFilterKeys), now);
    const taken = images.filter((listing) => takes(listing.image));
    expect(taken.map((listing) => listing.image.id.slice(7, 8)).join('')).toBe(expected);
  });
});
