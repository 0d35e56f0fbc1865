/** A line of subuid(5): name or uid, first id, count. */
export interface SubordinateRange {
  readonly owner: string;
  readonly start: number;
  readonly count: number;
}

/** The lines of /etc/subuid or /etc/subgid. */
export function parseSubordinate(text: string): SubordinateRange[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^:#]+):(\d+):(\d+)\s*$/.exec(line);
    if (match?.[1] === undefined) return [];
    return [{owner: match[1], start: Number(match[2]), count: Number(match[3])}];
  });
}
