import type {IdMapping} from '../config/namespaces.ts';
import type {Problem} from './problem.ts';

const ids = 2 ** 32;

/**
 * What the kernel would refuse of the mappings of one kind of id.
 *
 * @see user_namespaces(7), "Defining user and group ID mappings"
 */
export function* mappingProblems(
  mappings: readonly IdMapping[] = [],
  place: Problem['place'],
): Generator<Problem> {
  if (mappings.length > 340) {
    yield {place, expected: 'at most 340 mappings', found: `${mappings.length} mappings`};
    return;
  }
  for (const side of ['containerID', 'hostID'] as const) {
    const sorted = [...mappings.entries()].sort(([, a], [, b]) => a[side] - b[side]);
    let free = 0;
    for (const [index, mapping] of sorted) {
      const start = mapping[side];
      const end = start + mapping.size;
      const found = `${start} to ${end - 1}`;
      if (start < free) {
        yield {place: [...place, index, side], expected: 'ranges that do not overlap', found};
      }
      if (end > ids) {
        yield {place: [...place, index, 'size'], expected: `ids below ${ids}`, found};
      }
      free = Math.max(free, end);
    }
  }
}
