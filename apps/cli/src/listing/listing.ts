import {compileTemplate, encodeJson, type Struct} from '../template/index.ts';
import {tabulated} from './tabulated.ts';

/** What a list has for each of its lines, and how it looks unless `--format` says otherwise. */
export interface Listing {
  /** What stands above a column, by the field that it shows. */
  readonly headers: Struct;
  /** Template of a line of the table, its cells divided by tabs. */
  readonly line: string;
  readonly rows: readonly Struct[];
}

/**
 * A list as `--format` asks for it, in Docker's words: nothing or `table`, `json`, which is an object a line,
 * `table TEMPLATE` with headers, or a template for each line.
 *
 * @throws {TemplateError}
 */
export function renderListing({headers, line, rows}: Listing, format = 'table'): string {
  const wanted = format.trim();
  if (wanted === 'json') return rows.map((row) => `${encodeJson(row)}\n`).join('');
  const isTable = wanted.startsWith('table');
  const given = isTable ? wanted.slice('table'.length).trim() : wanted;
  const template = given === '' ? line : given.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
  const render = compileTemplate(template);
  const lines = rows.map((row) => `${render(row)}\n`).join('');
  return isTable ? tabulated(`${render(headers)}\n${lines}`) : lines;
}
