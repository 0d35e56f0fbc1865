import {join} from 'node:path';
import {type CompiledScript, callerCache, compileScript} from '@minicontainer/engine/code-cache';

/** What a CommonJS module is given, and what the script has in common with the bundle. */
type Evaluate = (
  common: object,
  require: NodeJS.Require,
  filename: string,
  dirname: string,
) => unknown;

let compiled: CompiledScript<Evaluate> | undefined;

/**
 * Evaluates the script beside the bundle, with what V8 has compiled of it before.
 *
 * @param common what the script takes from the bundle, by names
 */
export function evaluate(name: string, digest: string, common: object): unknown {
  const cache = callerCache();
  const code = cache && join(cache, 'code');
  const directory = import.meta.dirname;
  compiled = compileScript<Evaluate>(join(directory, name), digest, code);
  return compiled.value(common, require, import.meta.filename, directory);
}

/** Keeps what V8 has compiled of the script by now: to be called when the most has been of use. */
export function keepCompiled(): void {
  compiled?.save();
}
