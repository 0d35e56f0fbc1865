/**
 * What a template works on. A plain object is a struct: its fields are known, and others are an error. A
 * `Map` may lack a key. `undefined` is what a map has for such a key: `<no value>`.
 */
export type Value =
  | undefined
  | null
  | string
  | number
  | boolean
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | Struct;

export interface Struct {
  readonly [field: string]: Value;
}

/** A list that is not there: empty, but `null` as JSON. */
export const nilList: readonly Value[] = Object.freeze([]);

/** A map that is not there: empty, but `null` as JSON. */
export const nilMap: ReadonlyMap<string, Value> = new Map<string, Value>();

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

export function isStruct(value: Value): value is Struct {
  return typeof value === 'object' && value !== null && !isList(value) && !isMap(value);
}

/** Whether `if` takes it for true: not what is empty, zero or nothing. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  return Boolean(value);
}

/** In Go's words, for errors. */
export function kindOf(value: Value): string {
  if (value === undefined || value === null) return 'nothing';
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'a map';
  if (isStruct(value)) return 'an object';
  return `the ${typeof value} ${JSON.stringify(value)}`;
}

const omitting = new WeakMap<object, readonly string[]>();

/** A struct whose empty fields, or some of them, are there for templates, but not in JSON. */
export function omitEmpty<T extends Struct>(
  struct: T,
  fields: readonly string[] = Object.keys(struct),
): T {
  omitting.set(struct, fields);
  return struct;
}

/** As Go's encoder writes it, without its escapes for HTML: structs in the order of their fields, maps sorted. */
export function encodeJson(value: Value, indent?: number): string {
  return JSON.stringify(toJson(value), undefined, indent);
}

function toJson(value: Value): unknown {
  if (value === undefined || value === nilList || value === nilMap) return null;
  if (isList(value)) return value.map(toJson);
  if (isMap(value)) {
    return Object.fromEntries(sortedEntries(value).map(([key, member]) => [key, toJson(member)]));
  }
  if (!isStruct(value)) return value;
  const omitted = omitting.get(value) ?? [];
  const kept = Object.entries(value).filter(
    ([name, member]) => isThere(member) || !omitted.includes(name),
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, toJson(member)]));
}

function isThere(value: Value): boolean {
  return isStruct(value) || isTrue(value);
}

/** By key, as Go iterates over maps where it prints them. */
export function sortedEntries(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
