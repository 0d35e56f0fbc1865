import {UsageError} from '../program/usage.ts';

/** The conditions of `--filter KEY=VALUE`, several of one key as they were given. */
export type Filters = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `--filter` as often as it was given.
 *
 * @param known keys of this command
 * @throws {UsageError} for one that is not `KEY=VALUE`, or has a key that is not known
 */
export function parseFilters(
  commandName: string,
  given: readonly string[],
  known: readonly string[],
): Filters {
  const filters = new Map<string, string[]>();
  for (const text of given) {
    const equals = text.indexOf('=');
    const key = (equals === -1 ? text : text.slice(0, equals)).trim().toLowerCase();
    const value = text.slice(equals + 1).trim();
    if (equals === -1 || !known.includes(key)) {
      throw new UsageError(
        commandName,
        `--filter ${equals === -1 ? `${text} is not KEY=VALUE` : `has no ${key}`}`,
        `the keys are ${known.join(', ')}`,
      );
    }
    filters.set(key, [...(filters.get(key) ?? []), value]);
  }
  return filters;
}

const yes = ['1', 't', 'true'];
const no = ['0', 'f', 'false'];

/** What a filter that is true or false says; undefined where it was not given. */
export function truthOf(commandName: string, filters: Filters, key: string): boolean | undefined {
  const value = filters.get(key)?.at(-1)?.toLowerCase();
  if (value === undefined) return undefined;
  if (yes.includes(value)) return true;
  if (no.includes(value)) return false;
  throw new UsageError(commandName, `--filter ${key} is true or false, not ${value}`);
}

const spans: Readonly<Record<string, number>> = {
  ...{ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000},
};

/**
 * The moment that `until=` means: a span of time back from now (`10m`, `1h30m`), seconds since 1970, or a
 * date of ISO 8601, in this machine's time zone unless it has one.
 */
export function momentOf(commandName: string, text: string, now: number): Date {
  if (/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-zµ]+)/g)];
    const back = parts.reduce(
      (sum, [, count, unit = '']) => sum + Number(count) * (spans[unit] ?? 0),
      0,
    );
    return new Date(now - back);
  }
  if (/^\d+(\.\d+)?$/.test(text)) return new Date(Number(text) * 1000);
  // A date alone would be taken for one of UTC.
  const moment = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text);
  if (/^\d{4}-\d\d/.test(text) && !Number.isNaN(moment.getTime())) return moment;
  throw new UsageError(
    commandName,
    `--filter until=${text} is no time`,
    'for example 24h, 2026-01-31, 2026-01-31T12:00:00Z or seconds since 1970',
  );
}

/** Whether labels have all that `label=` asks for: `KEY` or `KEY=VALUE`. */
export function hasLabels(
  labels: Readonly<Record<string, string>>,
  wanted: readonly string[],
): boolean {
  return wanted.every((text) => {
    const equals = text.indexOf('=');
    const key = equals === -1 ? text : text.slice(0, equals);
    if (!Object.hasOwn(labels, key)) return false;
    return equals === -1 || labels[key] === text.slice(equals + 1);
  });
}
