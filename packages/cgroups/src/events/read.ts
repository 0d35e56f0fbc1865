import {readCgroupFile} from '../running/files.ts';

/** UINT64_MAX, which stands for no limit. */
export const unlimited = 2n ** 64n - 1n;

/** A number of 64 bits; 0 when there is no such file, `max` is UINT64_MAX. */
export function readCount(directory: string, file: string): bigint {
  return countOf(readCgroupFile(directory, file)?.trim() ?? '');
}

/** Numbers in a line. */
export function readCounts(directory: string, file: string): bigint[] {
  return (readCgroupFile(directory, file)?.trim().split(/\s+/) ?? []).filter(Boolean).map(countOf);
}

/** Lines of a name and a number each. */
export function readCountTable(directory: string, file: string): Readonly<Record<string, bigint>> {
  const lines = readCgroupFile(directory, file)?.trimEnd().split('\n') ?? [];
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(' ');
      return [name, countOf(value)];
    }),
  );
}

/** A list such as `0-3,7`, each number of it. */
export function readList(directory: string, file: string): number[] {
  const ranges = readCgroupFile(directory, file)?.trim().split(',').filter(Boolean) ?? [];
  return ranges.flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({length: last - first + 1}, (_, index) => first + index);
  });
}

function countOf(text: string): bigint {
  if (text === 'max') return unlimited;
  return /^-?\d+$/.test(text) ? BigInt(text) : 0n;
}
