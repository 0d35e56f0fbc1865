import type {Allowance} from './allowance.ts';
import {withoutArguments} from './calls.ts';

/** Runtimes that allow the same, and what that is. */
export interface Difference {
  readonly allowedBy: readonly string[];
  readonly things: readonly string[];
}

/**
 * What some allow and others do not, of one subject; what all of them allow is left out.
 *
 * @param subject the start of an allowance, as `system call: x86_64 `
 */
export function differences(
  subject: string,
  allowances: ReadonlyMap<string, Allowance>,
): Difference[] {
  const allowers = new Map<string, string[]>();
  for (const [name, allowance] of allowances) {
    const things = [...allowance.keys()].filter((thing) => thing.startsWith(subject));
    for (const thing of new Set(things.map((it) => withoutArguments(it.slice(subject.length))))) {
      allowers.set(thing, [...(allowers.get(thing) ?? []), name]);
    }
  }
  const groups = new Map<string, Difference>();
  for (const [thing, allowedBy] of allowers) {
    if (allowedBy.length === allowances.size) continue;
    const key = allowedBy.join('\n');
    const things = [...(groups.get(key)?.things ?? []), thing];
    groups.set(key, {allowedBy, things});
  }
  return [...groups.values()];
}

/** Paths with those of one folder put together, where they are many: `/sys/module/… (31)`. */
export function gatherPaths(paths: readonly string[], depth = 3): string[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.split('/').slice(0, depth).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  return [...folders].flatMap(([folder, inside]) =>
    inside.length <= 3 ? inside : [`${folder}/… (${inside.length})`],
  );
}
