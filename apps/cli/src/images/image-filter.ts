import type {ImageListing} from '@minicontainer/engine/images';
import {MinicontainerError} from '@minicontainer/errors';
import {type Filters, hasLabels, momentOf, truthOf} from '../listing/filters.ts';
import {namePattern} from '../listing/name-pattern.ts';

export const imageFilterKeys = [
  'before',
  'dangling',
  'label',
  'reference',
  'since',
  'until',
] as const;

/** What a condition may look at. */
export interface FilteredImage extends Pick<ImageListing, 'repository' | 'tag'> {
  readonly image: Pick<ImageListing['image'], 'id' | 'name' | 'created' | 'namedAt' | 'settings'>;
}

/**
 * Those images that all conditions of `images --filter` hold for; of several `reference=` one is enough.
 *
 * @throws {MinicontainerError} `EIMAGE` when `before=` or `since=` names none that is here
 */
export function filterImages<T extends FilteredImage>(
  listings: readonly T[],
  filters: Filters,
  now: number,
): T[] {
  const dangling = truthOf('images', filters, 'dangling');
  const references = (filters.get('reference') ?? []).map(namePattern);
  const limits = (key: 'before' | 'since') =>
    (filters.get(key) ?? []).map((text) => createdAt(named(listings, text)));
  const before = [
    ...limits('before'),
    ...(filters.get('until') ?? []).map((text) => momentOf('images', text, now).getTime()),
  ];
  const since = limits('since');
  const labels = filters.get('label') ?? [];
  return listings.filter(
    (listing) =>
      (dangling === undefined || dangling === (listing.repository === undefined)) &&
      (references.length === 0 || references.some((pattern) => isNamed(listing, pattern))) &&
      before.every((limit) => createdAt(listing) < limit) &&
      since.every((limit) => createdAt(listing) > limit) &&
      hasLabels(listing.image.settings.Labels ?? {}, labels),
  );
}

/** With or without its tag, as people write it or in full. */
function isNamed({image, repository, tag}: FilteredImage, pattern: RegExp): boolean {
  if (repository === undefined) return false;
  const names = [repository, ...(tag === undefined ? [] : [`${repository}:${tag}`])];
  return [...names, image.name ?? ''].some((name) => pattern.test(name));
}

function named(listings: readonly FilteredImage[], text: string): FilteredImage {
  const hex = text.replace(/^sha256:/, '');
  const found =
    listings.find(({image, repository, tag}) =>
      [image.name, repository && `${repository}:${tag}`].some(
        (name) => name === text || name === `${text}:latest`,
      ),
    ) ??
    listings.find(({image}) => /^[0-9a-f]+$/.test(hex) && image.id.startsWith(`sha256:${hex}`));
  if (found !== undefined) return found;
  throw new MinicontainerError('EIMAGE', `there is no image ${text} here to compare with`, {
    hint: 'minicontainer images lists what there is',
  });
}

function createdAt({image}: FilteredImage): number {
  const time = Date.parse(image.created ?? '');
  return Number.isNaN(time) ? 0 : time;
}
