import {isList, isMap, isStruct, sortedEntries, type Value} from './value.ts';

/** As Go's `%v` has it; what is not there is `<no value>`, as templates have it. */
export function printed(value: Value): string {
  return value === undefined || value === null ? '<no value>' : plain(value);
}

/** As `%v` within something else. */
export function plain(value: Value): string {
  if (value === undefined || value === null) return '<nil>';
  if (isList(value)) return `[${value.map(plain).join(' ')}]`;
  if (isMap(value)) {
    return `map[${sortedEntries(value)
      .map(([key, member]) => `${key}:${plain(member)}`)
      .join(' ')}]`;
  }
  if (isStruct(value)) return `{${Object.values(value).map(plain).join(' ')}}`;
  return String(value);
}

/** As `print` has it: a space between two of which neither is a string. */
export function printAll(values: readonly Value[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const spaced = index > 0 && typeof value !== 'string' && typeof before !== 'string';
      return `${spaced ? ' ' : ''}${plain(value)}`;
    })
    .join('');
}

const directive = /%([-+ #0]*)(\d+)?(?:\.(\d*))?(.)/gsu;

/** As `printf` has it, of its verbs: v s q d t x X o b c f e g %. A value that does not fit is told as Go does. */
export function printFormatted(format: string, values: readonly Value[]): string {
  let used = 0;
  const text = format.replace(
    directive,
    (
      _all,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      verb: string,
    ) => {
      if (verb === '%') return '%';
      if (used >= values.length) return `%!${verb}(MISSING)`;
      const value = values[used++];
      const digits = precision === undefined ? undefined : Number(precision);
      return padded(converted(verb, value, flags, digits), flags, Number(width ?? 0), value);
    },
  );
  const extra = values.slice(used).map((value) => `${typeName(value)}=${plain(value)}`);
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text;
}

function padded(text: string, flags: string, width: number, value: Value): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || typeof value !== 'number') return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function converted(verb: string, value: Value, flags: string, precision?: number): string {
  const bad = () => `%!${verb}(${typeName(value)}=${plain(value)})`;
  if (verb === 'v') return plain(value);
  if (isList(value)) {
    return `[${value.map((member) => converted(verb, member, flags, precision)).join(' ')}]`;
  }
  switch (typeof value) {
    case 'string':
      return ofString(verb, value, precision) ?? bad();
    case 'number':
      return withSign(ofNumber(verb, value, precision), flags) ?? bad();
    case 'boolean':
      return verb === 't' ? String(value) : bad();
    default:
      return bad();
  }
}

function ofString(verb: string, value: string, precision?: number): string | undefined {
  switch (verb) {
    case 's':
      return [...value].slice(0, precision).join('');
    case 'q':
      return JSON.stringify(value);
    case 'x':
    case 'X': {
      const hex = Buffer.from(value).toString('hex');
      return verb === 'x' ? hex : hex.toUpperCase();
    }
    default:
      return undefined;
  }
}

function ofNumber(verb: string, value: number, precision?: number): string | undefined {
  if (!Number.isInteger(value) && 'dxXobc'.includes(verb)) return undefined;
  switch (verb) {
    case 'd':
      return String(value);
    case 'x':
      return value.toString(16);
    case 'X':
      return value.toString(16).toUpperCase();
    case 'o':
      return value.toString(8);
    case 'b':
      return value.toString(2);
    case 'c':
      return value >= 0 && value <= 0x10_ff_ff ? String.fromCodePoint(value) : undefined;
    case 'f':
      return value.toFixed(precision ?? 6);
    case 'e':
      return value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
    case 'g':
      return String(precision === undefined ? value : Number(value.toPrecision(precision || 1)));
    default:
      return undefined;
  }
}

function withSign(text: string | undefined, flags: string): string | undefined {
  return text !== undefined && flags.includes('+') && !text.startsWith('-') ? `+${text}` : text;
}

function typeName(value: Value): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (isList(value)) return '[]string';
  if (isMap(value)) return 'map[string]string';
  return typeof value === 'string' ? 'string' : '<nil>';
}
