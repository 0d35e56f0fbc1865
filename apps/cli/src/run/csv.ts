/** One line of comma-separated values (RFC 4180): a field in quotes may hold commas, `""` is a quote. */
export function csvFields(line: string): string[] | undefined {
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest);
    if (match === null) return undefined;
    const [all, inQuotes, plain = '', separator] = match;
    fields.push(inQuotes?.replaceAll('""', '"') ?? plain);
    if (separator === '') return fields;
    rest = rest.slice(all.length);
  }
}
