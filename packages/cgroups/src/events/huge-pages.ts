import {readdirSync} from 'node:fs';
import type {EventValue} from './json.ts';

type Fields = Readonly<Record<string, EventValue>>;

/** By the sizes of huge pages that the kernel has, `2MB`. */
export function hugePagesBy(directory: string, read: (size: string) => Fields): Fields {
  const sizes = readdirSync(directory).map((name) => /^hugetlb\.(\d+[KMG]B)\./.exec(name)?.[1]);
  const known = new Set(sizes.filter((size) => size !== undefined));
  return Object.fromEntries([...known].map((size) => [size, read(size)]));
}
