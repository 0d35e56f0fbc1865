import {evaluate} from './evaluate.ts';
import {parseTemplate} from './parser.ts';
import type {Value} from './value.ts';

export {TemplateError} from './error.ts';
export {
  encodeJson,
  nilList,
  nilMap,
  omitEmpty,
  type Struct,
  type Value,
} from './value.ts';

/**
 * Makes a function of a template in Go's language, as Docker and Podman have it behind `--format`.
 *
 * @throws {TemplateError} when it is not one, or has in it what is not known here
 * @see https://pkg.go.dev/text/template
 */
export function compileTemplate(text: string): (data: Value) => string {
  const nodes = parseTemplate(text);
  return (data) => evaluate(text, nodes, data);
}
