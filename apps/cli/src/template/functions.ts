import {ArgumentError} from './argument-error.ts';
import {comparisons} from './comparisons.ts';
import {plain, printAll, printFormatted} from './printing.ts';
import {encodeJson, isList, isMap, isTrue, kindOf, type Value} from './value.ts';

type TemplateFunction = (...values: Value[]) => Value;

export function isFunction(name: string): boolean {
  return Object.hasOwn(functions, name) || isLazy(name);
}

/** `and` and `or` stop at the argument that decides, and the rest is not looked at. */
export function isLazy(name: string): name is 'and' | 'or' {
  return name === 'and' || name === 'or';
}

/**
 * Calls a function.
 *
 * @throws {ArgumentError} when it does not take these values
 */
export function callFunction(name: string, values: readonly Value[]): Value {
  const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (called === undefined) throw new ArgumentError('there is no such function');
  return called(...values);
}

/** Go's own functions, then those that Docker adds. */
const functions: Readonly<Record<string, TemplateFunction>> = {
  ...comparisons,
  not: (...values) => !isTrue(exactly(values, 1)[0]),
  len: (...values) => lengthOf(exactly(values, 1)[0]),
  index: (value, ...keys) => keys.reduce(member, value),
  slice: (value, ...bounds) => sliceOf(value, bounds),
  print: (...values) => printAll(values),
  println: (...values) => `${values.map(plain).join(' ')}\n`,
  printf: (format, ...values) => printFormatted(text(format), values),
  json: (...values) => encodeJson(exactly(values, 1)[0]),
  join: (...values) => {
    const [list, separator] = exactly(values, 2);
    if (!isList(list)) throw new ArgumentError(`it joins a list, not ${kindOf(list)}`);
    return list.map(text).join(text(separator));
  },
  split: (...values) => {
    const [whole, separator] = exactly(values, 2);
    return text(whole).split(text(separator));
  },
  lower: (...values) => text(exactly(values, 1)[0]).toLowerCase(),
  upper: (...values) => text(exactly(values, 1)[0]).toUpperCase(),
  title: (...values) =>
    text(exactly(values, 1)[0]).replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, (letter) =>
      letter.toUpperCase(),
    ),
  pad: (...values) => {
    const [inner, before, behind] = exactly(values, 3);
    return `${' '.repeat(count(before))}${text(inner)}${' '.repeat(count(behind))}`;
  },
  truncate: (...values) => {
    const [whole, length] = exactly(values, 2);
    return [...text(whole)].slice(0, count(length)).join('');
  },
};

function exactly(values: readonly Value[], wanted: number): readonly Value[] {
  if (values.length === wanted) return values;
  throw new ArgumentError(
    `it takes ${wanted} ${wanted === 1 ? 'value' : 'values'}, not ${values.length}`,
  );
}

function text(value: Value): string {
  if (typeof value === 'string') return value;
  throw new ArgumentError(`it takes a string, not ${kindOf(value)}`);
}

function count(value: Value): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new ArgumentError(`it takes a number, not ${kindOf(value)}`);
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (isList(value)) return value.length;
  if (isMap(value)) return value.size;
  throw new ArgumentError(`${kindOf(value)} has no length`);
}

/** A key that a map lacks is an empty string, which the values of all our maps are. */
function member(value: Value, key: Value): Value {
  if (isMap(value)) {
    if (typeof key !== 'string') throw new ArgumentError(`a key is a string, not ${kindOf(key)}`);
    return value.has(key) ? value.get(key) : '';
  }
  if (!isList(value) && typeof value !== 'string') {
    throw new ArgumentError(`${kindOf(value)} has no members to index`);
  }
  if (typeof key !== 'number') {
    throw new ArgumentError(`the index of a list is a number, not ${kindOf(key)}`);
  }
  if (key < 0 || key >= lengthOf(value)) throw new ArgumentError(`index out of range: ${key}`);
  return typeof value === 'string' ? Buffer.from(value)[key] : value[key];
}

function sliceOf(value: Value, bounds: readonly Value[]): Value {
  if (!isList(value) && typeof value !== 'string') {
    throw new ArgumentError(`${kindOf(value)} cannot be cut`);
  }
  const length = lengthOf(value);
  const [from = 0, to = length] = bounds.map(count);
  const outside = [from, to].find((bound) => bound > length);
  if (outside !== undefined) throw new ArgumentError(`index out of range: ${outside}`);
  if (from > to) throw new ArgumentError(`${from} is behind ${to}`);
  return typeof value === 'string'
    ? Buffer.from(value).subarray(from, to).toString()
    : value.slice(from, to);
}
