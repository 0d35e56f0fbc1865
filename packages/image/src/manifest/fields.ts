import {MinicontainerError} from '@minicontainer/errors';
import {remoteText} from '../registry/remote-text.ts';

/**
 * The fields of one JSON object from outside. Only what is asked for is looked at, only its own properties,
 * and what is of another type is an error that names its place: `manifest sha256:…: layers[2].size is "abc",
 * not a size in bytes`.
 */
export class Fields {
  readonly #document: string;
  readonly #path: string;
  readonly #values: ReadonlyMap<string, unknown>;

  /**
   * @param document names the whole, as `parseJson` was told
   * @param path of this object within it; empty for the whole
   * @throws {MinicontainerError} `EMANIFEST` when the value is no object
   */
  constructor(value: unknown, document: string, path = '') {
    this.#document = document;
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#error(path, value, 'an object');
    }
    // Go's writers say null for what is empty, and mean that it is not there.
    this.#values = new Map(Object.entries(value).filter(([, field]) => field !== null));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The name of a field with the path to it, for errors of others. */
  nameOf(name: string): string {
    return `${this.#document}: ${this.#pathOf(name)}`;
  }

  string(name: string): string {
    const value = this.#values.get(name);
    if (typeof value !== 'string') throw this.#wrong(name, 'a string');
    return value;
  }

  optionalString(name: string): string | undefined {
    return this.has(name) ? this.string(name) : undefined;
  }

  boolean(name: string): boolean {
    const value = this.#values.get(name);
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  /** A whole number of bytes, from zero to what a number holds exactly. */
  size(name: string): number {
    const value = this.#values.get(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.#wrong(name, 'a size in bytes');
  }

  number(name: string): number {
    const value = this.#values.get(name);
    if (typeof value !== 'number') throw this.#wrong(name, 'a number');
    return value;
  }

  strings(name: string): readonly string[] {
    return this.#list(name, (value, path) => {
      if (typeof value !== 'string') throw this.#error(path, value, 'a string');
      return value;
    });
  }

  stringMap(name: string): Readonly<Record<string, string>> {
    const {entries, path} = this.#entries(name);
    const pairs = entries.map(([key, value]): [string, string] => {
      if (typeof value === 'string') return [key, value];
      throw this.#error(`${path}[${JSON.stringify(key)}]`, value, 'a string');
    });
    // fromEntries defines properties: a key `__proto__` is one like all others.
    return Object.freeze(Object.fromEntries(pairs));
  }

  /** The keys of an object whose values say nothing, as Volumes and ExposedPorts. */
  keys(name: string): readonly string[] {
    return Object.freeze(this.#entries(name).entries.map(([key]) => key));
  }

  object(name: string): Fields {
    return new Fields(this.#values.get(name), this.#document, this.#pathOf(name));
  }

  optionalObject(name: string): Fields | undefined {
    return this.has(name) ? this.object(name) : undefined;
  }

  objects(name: string): readonly Fields[] {
    return this.#list(name, (value, path) => new Fields(value, this.#document, path));
  }

  /** `{[name]: read(name)}` where there is such a field, else nothing: to be spread. */
  optional<Name extends string, Value>(
    name: Name,
    read: (name: Name) => Value,
  ): {[Key in Name]?: Value} {
    const result: {[Key in Name]?: Value} = {};
    if (this.has(name)) result[name] = read(name);
    return result;
  }

  /** Where the document is of the right types and still makes no sense. */
  refuse(fault: string): MinicontainerError {
    return new MinicontainerError('EMANIFEST', `${this.#document}: ${remoteText(fault)}`);
  }

  #entries(name: string): {entries: [string, unknown][]; path: string} {
    const path = this.#pathOf(name);
    const value = this.#values.get(name);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#error(path, value, 'an object');
    }
    return {entries: Object.entries(value), path};
  }

  #list<Item>(name: string, read: (value: unknown, path: string) => Item): readonly Item[] {
    const value = this.#values.get(name);
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list');
    const path = this.#pathOf(name);
    return Object.freeze(value.map((item: unknown, index) => read(item, `${path}[${index}]`)));
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #wrong(name: string, expected: string): MinicontainerError {
    return this.#error(this.#pathOf(name), this.#values.get(name), expected);
  }

  #error(path: string, value: unknown, expected: string): MinicontainerError {
    const found = value === undefined ? 'is missing' : `is ${describe(value)}, not ${expected}`;
    const place = path === '' ? '' : ` ${remoteText(path)}`;
    return new MinicontainerError('EMANIFEST', `${this.#document}:${place} ${found}`);
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return remoteText(JSON.stringify(value), 60);
}
