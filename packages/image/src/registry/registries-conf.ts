import {MinicontainerError} from '@minicontainer/errors';

/** A `[[registry]]` of registries.conf. */
export interface RegistryRule {
  /** `host[:port][/path…]`, or `*.domain`: which images it is for. */
  readonly prefix: string;
  /** What stands in the prefix's place; the prefix itself where it is empty. */
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
  /** In the order in which they are asked, before the location. */
  readonly mirrors: readonly MirrorRule[];
}

export interface MirrorRule {
  readonly location: string;
  readonly insecure: boolean;
  /** What may be pulled from it: a tag is only as good as the mirror, content by digest is safe. */
  readonly pulls: 'all' | 'digest-only' | 'tag-only';
}

/**
 * Reads the `[[registry]]` tables of a registries.conf, version 2, as parsed TOML.
 *
 * @param path for messages
 * @throws {MinicontainerError} `ECONFIG` for what is no such table
 * @see containers-registries.conf(5)
 */
export function readRegistryRules(document: unknown, path: string): RegistryRule[] {
  const registries = tableOf(document, path).registry;
  if (registries === undefined) return [];
  // Version 1 has [registry.search] and the like: long out of use, and nothing that we ask.
  if (!Array.isArray(registries)) return [];
  return registries.map((entry) => readRule(tableOf(entry, path), path));
}

function readRule(table: Table, path: string): RegistryRule {
  const location = trimLocation(text(table, 'location', path) ?? '');
  const prefix = trimLocation(text(table, 'prefix', path) ?? location);
  if (prefix === '') throw broken(path, 'a [[registry]] has neither prefix nor location');
  if (location === '' && !prefix.startsWith('*.')) {
    throw broken(path, `the [[registry]] for ${prefix} has no location`);
  }
  const digestsOnly = flag(table, 'mirror-by-digest-only', path);
  const mirrors = table.mirror ?? [];
  if (!Array.isArray(mirrors)) throw broken(path, `mirror of ${prefix} is not a list of tables`);
  return Object.freeze({
    prefix,
    location,
    insecure: flag(table, 'insecure', path),
    blocked: flag(table, 'blocked', path),
    mirrors: mirrors.map((mirror) => readMirror(tableOf(mirror, path), digestsOnly, path)),
  });
}

function readMirror(table: Table, digestsOnly: boolean, path: string): MirrorRule {
  const location = trimLocation(text(table, 'location', path) ?? '');
  if (location === '') throw broken(path, 'a [[registry.mirror]] has no location');
  const pulls = text(table, 'pull-from-mirror', path) ?? 'all';
  if (pulls !== 'all' && pulls !== 'digest-only' && pulls !== 'tag-only') {
    throw broken(path, `pull-from-mirror of ${location} is all, digest-only or tag-only`);
  }
  return Object.freeze({
    location,
    insecure: flag(table, 'insecure', path),
    pulls: digestsOnly ? 'digest-only' : pulls,
  });
}

type Table = Readonly<Record<string, unknown>>;

function tableOf(value: unknown, path: string): Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw broken(path, 'a table is expected');
  }
  return Object.fromEntries(Object.entries(value));
}

function text(table: Table, key: string, path: string): string | undefined {
  const value = table[key];
  if (value === undefined || typeof value === 'string') return value;
  throw broken(path, `${key} is not a string`);
}

function flag(table: Table, key: string, path: string): boolean {
  const value = table[key] ?? false;
  if (typeof value === 'boolean') return value;
  throw broken(path, `${key} is not true or false`);
}

function trimLocation(location: string): string {
  if (location.includes('://'))
    return location.slice(location.indexOf('://') + 3).replace(/\/+$/, '');
  return location.replace(/\/+$/, '');
}

function broken(path: string, reason: string): MinicontainerError {
  return new MinicontainerError('ECONFIG', `cannot read ${path}: ${reason}`, {
    hint: 'containers-registries.conf(5) says what stands in it',
  });
}
