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
