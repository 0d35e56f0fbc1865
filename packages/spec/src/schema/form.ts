import {nearest} from '../nearest.ts';
import {quote} from '../quote.ts';
import type {Problem} from './problem.ts';

/** What a schema says of a value, as plain data: forms.ts is made from the schema. */
export type Form =
  | {readonly type: 'boolean'}
  | {readonly type: 'enum'; readonly choices: readonly string[]}
  | {readonly type: 'string'; readonly pattern: RegExp; readonly title: string}
  | {
      readonly type: 'integer';
      readonly minimum: number;
      readonly maximum: number;
      readonly title: string;
    }
  | {
      readonly type: 'array';
      readonly items: Form;
      readonly minItems: number;
      readonly title: string;
    }
  | {
      readonly type: 'object';
      readonly required: readonly string[];
      readonly properties: Readonly<Record<string, Form>>;
    }
  | {
      readonly type: 'record';
      readonly keys: RegExp;
      /** What an error says that a key has to be. */
      readonly keyTitle: string;
      readonly values: Form;
    };

/**
 * The first place where a value has not the form that is asked for, in the order of the form. What it does
 * not name may be anything, and a property that is undefined is one that is not there.
 */
export function formProblem(form: Form, value: unknown): Problem | undefined {
  switch (form.type) {
    case 'object':
      return isObject(value) ? propertyProblem(form, value) : problem(form, value);
    case 'record':
      return isObject(value) ? entryProblem(form, value) : problem(form, value);
    case 'array':
      return Array.isArray(value) ? itemProblem(form, value) : problem(form, value);
    default:
      return isScalar(form, value) ? undefined : problem(form, value);
  }
}

/** A value in a few words: short ones themselves, of the others their kind. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

type Of<Type extends Form['type']> = Extract<Form, {type: Type}>;

function isScalar(form: Of<'boolean' | 'enum' | 'string' | 'integer'>, value: unknown): boolean {
  switch (form.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'enum':
      return typeof value === 'string' && form.choices.includes(value);
    case 'string':
      return typeof value === 'string' && form.pattern.test(value);
    case 'integer':
      return isInteger(value) && value >= form.minimum && value <= form.maximum;
  }
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function propertyProblem(
  {required, properties}: Of<'object'>,
  value: Readonly<Record<string, unknown>>,
): Problem | undefined {
  const missing = required.find((name) => !(name in value));
  if (missing !== undefined) return below(missing, properties[missing], undefined);
  for (const [name, form] of Object.entries(properties)) {
    const part = value[name];
    if (part === undefined && !required.includes(name)) continue;
    const found = below(name, form, part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function entryProblem(
  {keys, keyTitle, values}: Of<'record'>,
  value: Readonly<Record<string, unknown>>,
): Problem | undefined {
  const entries = Object.entries(value);
  for (const [name, part] of entries) {
    if (!keys.test(name)) return {place: [name], expected: keyTitle, found: describe(part)};
  }
  for (const [name, part] of entries) {
    const found = below(name, values, part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function itemProblem(form: Of<'array'>, value: readonly unknown[]): Problem | undefined {
  for (const [index, item] of value.entries()) {
    const found = below(String(index), form.items, item);
    if (found !== undefined) return found;
  }
  return value.length < form.minItems ? problem(form, value) : undefined;
}

function below(name: string, form: Form | undefined, part: unknown): Problem | undefined {
  const found = form && formProblem(form, part);
  return found && {...found, place: [name, ...found.place]};
}

function problem(form: Form, value: unknown): Problem {
  const choices = form.type === 'enum' ? form.choices : [];
  const guess = typeof value === 'string' && nearest(value.slice(0, 60), choices);
  return {
    place: [],
    expected: expectation(form),
    found: describe(value),
    ...(guess ? {hint: `did you mean ${quote(guess)}?`} : {}),
  };
}

function expectation(form: Form): string {
  switch (form.type) {
    case 'boolean':
      return 'true or false';
    case 'object':
    case 'record':
      return 'an object';
    case 'enum':
      return listChoices(form.choices);
    default:
      return form.title;
  }
}

function listChoices(choices: readonly string[]): string {
  const shown = choices.slice(0, 8).map((choice) => quote(choice));
  return `one of ${shown.join(', ')}${choices.length > shown.length ? ', …' : ''}`;
}
