import {type Filters, hasLabels, momentOf} from '../listing/filters.ts';
import type {FilteredImage} from './image-filter.ts';

export const pruneFilterKeys = ['until', 'label', 'label!'] as const;

/** Which images `prune --filter` is for: made before `until=`, with all `label=`, with none of `label!=`. */
export function pruneFilter(
  filters: Filters,
  now: number,
): (image: FilteredImage['image']) => boolean {
  const until = (filters.get('until') ?? []).map((text) => momentOf('prune', text, now).getTime());
  const wanted = filters.get('label') ?? [];
  const unwanted = filters.get('label!') ?? [];
  return ({created, namedAt, settings}) => {
    const labels = settings.Labels ?? {};
    const made = Date.parse(created ?? namedAt);
    return (
      until.every((limit) => made < limit) &&
      hasLabels(labels, wanted) &&
      !unwanted.some((label) => hasLabels(labels, [label]))
    );
  };
}
