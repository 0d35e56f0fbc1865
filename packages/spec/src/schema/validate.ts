import {MinicontainerError} from '@minicontainer/errors';
import Value from 'typebox/value';
import type {Spec} from '../config/spec.ts';
import {quote} from '../quote.ts';
import {describe, formProblem} from './form.ts';
import {nestingProblem} from './nesting.ts';
import {type Problem, pointerOf} from './problem.ts';
import {ruleProblems} from './rules.ts';
import {SpecSchema} from './spec.ts';

/**
 * Takes a value for a specification, if it is one.
 *
 * Unknown fields are let through, as the specification wants it; known ones must have their type,
 * their format, and what must hold between them. The value itself is returned, unchanged.
 *
 * @param value as JSON.parse made it
 * @param source what an error calls it, such as the file's name
 * @throws {MinicontainerError} `ESPEC`, with the place as a JSON pointer, what was expected there
 *   and what was found: `config.json: /process/cwd: expected an absolute path; found "tmp"`
 */
export function validateSpec(value: unknown, source = 'config.json'): Spec {
  const nesting = nestingProblem(value);
  if (nesting) throw specError(nesting, source);
  if (!Value.Check(SpecSchema, value)) {
    // Errors() and Check() are two walks of one schema; should they ever differ, Check decides.
    const form = formProblem(SpecSchema, value) ?? wholly(value);
    throw specError(form, source);
  }
  const [problem] = ruleProblems(value);
  if (problem) throw specError(problem, source);
  return value;
}

function wholly(value: unknown): Problem {
  return {place: [], expected: 'an OCI runtime configuration', found: describe(value)};
}

function specError({place, expected, found, hint}: Problem, source: string): MinicontainerError {
  const pointer = quote(pointerOf(place), 200).slice(1, -1);
  const where = pointer === '' ? source : `${source}: ${pointer}`;
  return new MinicontainerError('ESPEC', `${where}: expected ${expected}; found ${found}`, {
    ...(hint === undefined ? {} : {hint}),
  });
}
