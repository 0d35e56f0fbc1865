import {MinicontainerError} from '@minicontainer/errors';
import type {Spec} from '../config/spec.ts';
import {quote} from '../quote.ts';
import {formProblem} from './form.ts';
import {specForm} from './forms.ts';
import {nestingProblem} from './nesting.ts';
import {type Problem, pointerOf} from './problem.ts';
import {ruleProblems} from './rules.ts';

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
  requireForm(value, source);
  const [problem] = ruleProblems(value);
  if (problem) throw specError(problem, source);
  return value;
}

function requireForm(value: unknown, source: string): asserts value is Spec {
  const problem = formProblem(specForm, value);
  if (problem) throw specError(problem, source);
}

function specError({place, expected, found, hint}: Problem, source: string): MinicontainerError {
  const pointer = quote(pointerOf(place), 200).slice(1, -1);
  const where = pointer === '' ? source : `${source}: ${pointer}`;
  return new MinicontainerError('ESPEC', `${where}: expected ${expected}; found ${found}`, {
    ...(hint === undefined ? {} : {hint}),
  });
}
