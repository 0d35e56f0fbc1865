import type {TSchema} from 'typebox';
import Value from 'typebox/value';
import {nearest} from '../nearest.ts';
import {quote} from '../quote.ts';
import {type Problem, placeOf} from './problem.ts';

/** The first place where a value has not the form that a schema asks for. */
export function formProblem(schema: TSchema, value: unknown): Problem | undefined {
  const [error] = Value.Errors(schema, value);
  if (error === undefined) return undefined;
  const place = placeOf(error.instancePath);
  // An error about what is missing is at the object; the place to name is the field itself.
  if (error.keyword === 'required') place.push(...error.params.requiredProperties.slice(0, 1));
  const found = valueAt(value, place);
  const expected = expectedAt(schema, place);
  const guess = typeof found === 'string' && nearest(found.slice(0, 60), expected.choices);
  return {
    place,
    expected: expected.text,
    found: describe(found),
    ...(guess ? {hint: `did you mean ${quote(guess)}?`} : {}),
  };
}

/** A value in a few words: short ones themselves, of the others their kind. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

interface Expectation {
  readonly text: string;
  /** The only strings that would do, where they are few. */
  readonly choices: readonly string[];
}

function expectedAt(schema: TSchema, place: readonly string[]): Expectation {
  let here: unknown = schema;
  for (const key of place) {
    const below = schemaBelow(here, key);
    // Nothing fits the key: it is the key that is wrong.
    if (below === undefined) return {text: String(partOf(here, 'keyTitle')), choices: []};
    here = below;
  }
  const choices = partOf(here, 'enum');
  if (isTexts(choices)) return {text: listChoices(choices), choices};
  const title = partOf(here, 'title');
  return {text: typeof title === 'string' ? title : kindOf(partOf(here, 'type')), choices: []};
}

function schemaBelow(schema: unknown, key: string): unknown {
  const items = partOf(schema, 'items');
  if (items !== undefined) return items;
  const property = partOf(partOf(schema, 'properties'), key);
  if (property !== undefined) return property;
  for (const [pattern, below] of Object.entries(partOf(schema, 'patternProperties') ?? {})) {
    if (new RegExp(pattern, 'u').test(key)) return below;
  }
  return undefined;
}

function kindOf(type: unknown): string {
  return type === 'boolean' ? 'true or false' : `an ${type}`;
}

function listChoices(choices: readonly string[]): string {
  const shown = choices.slice(0, 8).map((choice) => quote(choice));
  return `one of ${shown.join(', ')}${choices.length > shown.length ? ', …' : ''}`;
}

function valueAt(value: unknown, place: readonly string[]): unknown {
  return place.reduce(partOf, value);
}

function partOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
