import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import type {TSchema} from 'typebox';
import Value from 'typebox/value';
import {describe, expect, test} from 'vitest';
import {formProblem} from './form.ts';
import {specForm} from './forms.ts';
import {pointerOf} from './problem.ts';
import {SpecSchema} from './spec.ts';

describe('the form of a specification', () => {
  test('is what was made from its schema', () => {
    const {status, stdout} = spawnSync(
      process.execPath,
      [path('../../scripts/generate-forms.mjs'), '--print'],
      {encoding: 'utf8'},
    );
    expect(status).toBe(0);
    expect(readFileSync(path('./forms.ts'), 'utf8')).toBe(stdout);
  });

  test('refuses what the schema refuses, and at the same place', () => {
    const seen = {taken: 0, refused: 0};
    fc.assert(
      fc.property(like(SpecSchema), (value) => {
        const problem = formProblem(specForm, value);
        expect(problem === undefined).toBe(Value.Check(SpecSchema, value));
        expect(problem && pointerOf(problem.place)).toBe(firstPlace(value));
        seen[problem === undefined ? 'taken' : 'refused'] += 1;
      }),
      {numRuns: 500},
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(20);
  });
});

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** What is missing is at the object for TypeBox, and for us where it should be. */
function firstPlace(value: unknown): string | undefined {
  const [error] = Value.Errors(SpecSchema, value);
  if (error === undefined) return undefined;
  const missing = error.keyword === 'required' ? error.params.requiredProperties.slice(0, 1) : [];
  return error.instancePath + pointerOf(missing);
}

const wrong = fc.constantFrom(
  ...[null, '', 'a\0b', 'x', -2, 0.5, 2 ** 70, Number.NaN, true, [], [{}], {}],
  ...[{'': 'x'}, {'a/b': 'c'}, {a: 1}, undefined],
);

/** Values that a schema takes, mostly. */
function like(schema: TSchema): fc.Arbitrary<unknown> {
  return fc.oneof({weight: 400, arbitrary: right(schema)}, {weight: 1, arbitrary: wrong});
}

function right(schema: TSchema): fc.Arbitrary<unknown> {
  const {type, pattern, minimum, maximum, items, minItems = 0, properties} = parts(schema);
  const choices = parts(schema).enum;
  if (choices) return fc.constantFrom(...choices);
  if (properties) return object(properties, parts(schema).required ?? []);
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.constantFrom(minimum, maximum, Math.min(maximum ?? 0, 7));
    case 'array':
      return fc.array(like(items ?? {}), {minLength: minItems, maxLength: minItems + 1});
    case 'object':
      return record(parts(schema).patternProperties ?? {});
    default:
      return text(pattern ?? '');
  }
}

function record(patterns: Readonly<Record<string, TSchema>>): fc.Arbitrary<unknown> {
  const [[keys, values] = ['', {}]] = Object.entries(patterns);
  return fc.dictionary(text(keys), like(values), {maxKeys: 2});
}

function text(pattern: string): fc.Arbitrary<string> {
  // Lookahead is more than stringMatching can do.
  if (pattern.includes('(?!')) return fc.constantFrom('eth0', 'a');
  return fc.stringMatching(new RegExp(pattern, 'u'), {size: 'small'});
}

function object(
  properties: Readonly<Record<string, TSchema>>,
  required: readonly string[],
): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, like(schema)]),
  );
  const whole = fc.record(model, {requiredKeys: [...required]});
  const torn = fc.record(model, {requiredKeys: []});
  return fc.oneof({weight: 400, arbitrary: whole}, {weight: 1, arbitrary: torn});
}

interface Parts {
  readonly type?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: TSchema;
  readonly minItems?: number;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
}

/** A schema as JSON Schema has it. */
function parts(schema: TSchema): Parts {
  return JSON.parse(JSON.stringify(schema));
}
