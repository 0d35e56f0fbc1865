import type {SparseRegion} from '../entry/header.ts';
import {refuse} from '../refusal.ts';

/**
 * Turns a map's numbers into regions: ascending, apart, within the file, and together as long as the
 * data. Empty pieces, which mark a hole at the end, are left out.
 *
 * @param pairs offset and length in turn
 */
export function sparseRegions(
  pairs: readonly number[],
  fileSize: number,
  dataSize: number,
): SparseRegion[] {
  const regions: SparseRegion[] = [];
  let position = 0;
  let total = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const offset = pairs[at] ?? 0;
    const length = pairs[at + 1] ?? 0;
    if (offset < position) refuse('has a sparse map that is not in ascending order');
    position = offset + length;
    if (position > fileSize) refuse('has a sparse map beyond the end of its file');
    total += length;
    if (length > 0) regions.push({offset, length});
  }
  if (total !== dataSize) refuse('has a sparse map that does not match its data');
  return regions;
}
