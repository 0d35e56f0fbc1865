/**
 * Rows as columns of at least 12 characters, three spaces or more between them: as runc's, which programs
 * split at spaces. The last column is not padded.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 12, cell.length + 3);
    });
  }
  return rows
    .map((row) => {
      const last = row.length - 1;
      const cells = row.map((cell, at) => (at === last ? cell : cell.padEnd(widths[at] ?? 0)));
      return `${cells.join('')}\n`;
    })
    .join('');
}
