const WIDTH = 100;
const WIDEST_LEFT = 28;

/** Two columns: the left as wide as what stands in it, the right broken between words. */
export function columns(rows: readonly (readonly [left: string, right: string])[]): string {
  const fitting = rows.map(([left]) => left.length).filter((length) => length <= WIDEST_LEFT);
  const indent = Math.max(...fitting) + 3;
  return rows
    .map(([left, right]) => {
      const [first = '', ...more] = wrap(right, WIDTH - indent);
      const head =
        left.length > WIDEST_LEFT
          ? `${left}\n${' '.repeat(indent)}${first}`
          : `${left.padEnd(indent)}${first}`;
      return [head, ...more.map((line) => `${' '.repeat(indent)}${line}`)].join('\n');
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
