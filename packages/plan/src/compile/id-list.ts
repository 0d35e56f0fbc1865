/**
 * The numbers of a list like `0-3,7`, as cpuset(7) describes it; undefined when it is none, or one of them
 * is not below `limit`.
 */
export function parseIdList(text: string, limit: number): readonly number[] | undefined {
  const numbers: number[] = [];
  if (text.trim() === '') return numbers;
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,7})(?:-(\d{1,7}))?\s*$/.exec(part);
    if (match === null) return undefined;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (last < first || last >= limit) return undefined;
    for (let number = first; number <= last; number++) numbers.push(number);
  }
  return numbers;
}

/** Numbers as bits, lowest first, in as many words of 32 as the highest needs. */
export function toMask(numbers: readonly number[]): number[] {
  const words: number[] = [];
  for (const number of numbers) {
    const index = number >>> 5;
    while (words.length <= index) words.push(0);
    words[index] = ((words[index] ?? 0) | (1 << (number & 31))) >>> 0;
  }
  return words;
}
