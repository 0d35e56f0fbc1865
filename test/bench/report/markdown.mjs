/** @typedef {import('./section.mjs').Section} Section */

/**
 * @param {Section} section
 * @returns {string}
 */
export function formatSection({title, columns, rows, verdicts}) {
  const parts = [`## ${title}`, formatTable(columns, rows)];
  if (verdicts.length > 0) {
    parts.push(
      formatTable(
        ['figure', 'target', 'measured', ''],
        verdicts.map(({label, target = '', measured, status}) => [label, target, measured, status]),
      ),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

/**
 * @param {readonly string[]} columns the first is text, the others are numbers where all rows'
 *   cells are
 * @param {readonly (readonly string[])[]} rows
 * @returns {string}
 */
export function formatTable(columns, rows) {
  const widths = columns.map((column, i) =>
    Math.max(3, column.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const numeric = columns.map(
    (_, i) => i > 0 && rows.every((row) => /^[\d. ]*$/.test(row[i] ?? '')),
  );
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${widths
      .map((width, i) => {
        const cell = cells[i] ?? '';
        return numeric[i] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(' | ')} |`;
  const rule = widths.map((width, i) =>
    numeric[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(columns), line(rule), ...rows.map(line)].join('\n');
}
