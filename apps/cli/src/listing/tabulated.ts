const leastWidth = 10;
const padding = 3;

/**
 * Lines whose cells end with tabs, as columns. Docker's tables: a column is at least ten wide, with three
 * spaces behind its widest cell; what stands behind a line's last tab is of no column.
 *
 * @see https://pkg.go.dev/text/tabwriter
 */
export function tabulated(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths = lines.map((): number[] => []);
  alignColumn(lines, widths, 0, 0, lines.length);
  return lines
    .map((cells, row) =>
      cells
        .map((cell, column) =>
          column < cells.length - 1 ? padded(cell, widths[row]?.[column] ?? 0) : cell,
        )
        .join(''),
    )
    .join('\n');
}

/** A column is of the lines that follow each other and have a cell there; each then has columns of its own. */
function alignColumn(
  lines: readonly string[][],
  widths: readonly number[][],
  column: number,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    if (!hasCell(lines[row], column)) continue;
    let end = row;
    let width = leastWidth;
    for (; end < to && hasCell(lines[end], column); end++) {
      width = Math.max(width, lengthOf(lines[end]?.[column] ?? '') + padding);
    }
    for (let line = row; line < end; line++) widths[line]?.push(width);
    alignColumn(lines, widths, column + 1, row, end);
    row = end;
  }
}

function hasCell(cells: readonly string[] | undefined, column: number): boolean {
  return cells !== undefined && column < cells.length - 1;
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - lengthOf(cell)));
}

function lengthOf(cell: string): number {
  return [...cell].length;
}
