import type {Problem} from './problem.ts';

/** The schema itself is 7 levels deep; what is unknown to it may be deeper, within reason. */
const deepest = 128;

/**
 * Whether a value is made of plain objects and arrays, and not too deep for recursion.
 *
 * Unknown fields are let through, and whoever writes the value down again recurses into them. An
 * object of a class would bring fields along that are not its own.
 */
export function nestingProblem(value: unknown): Problem | undefined {
  const waiting = [{value, depth: 0}];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > deepest) {
      return {place: [], expected: `at most ${deepest} levels`, found: 'deeper nesting'};
    }
    if (!isPlain(next.value)) {
      return {place: [], expected: 'plain objects and arrays', found: 'an object of a class'};
    }
    for (const below of Object.values(next.value)) {
      waiting.push({value: below, depth: next.depth + 1});
    }
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype;
}
