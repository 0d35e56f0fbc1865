import type {Caller} from './caller.ts';
import {quoted, refuse} from './refuse.ts';

/**
 * The variables of `--env-file` and `-e`: files first, in order, then flags; the last one wins.
 *
 * A name alone takes the caller's value; where the caller has none it takes the variable away again.
 */
export function environment(
  flags: readonly string[],
  files: readonly string[],
  caller: Caller,
): Record<string, string> {
  const variables = new Map<string, string>();
  for (const file of files) {
    for (const line of envFileLines(file, caller)) assign(variables, line, caller);
  }
  for (const flag of flags) {
    if (flag === '' || flag.startsWith('=')) {
      throw refuse(`-e ${quoted(flag)} names no variable`, 'write -e NAME=VALUE, or -e NAME');
    }
    assign(variables, flag, caller);
  }
  return Object.fromEntries(variables);
}

function assign(variables: Map<string, string>, text: string, caller: Caller): void {
  const equals = text.indexOf('=');
  if (equals > 0) {
    variables.set(text.slice(0, equals), text.slice(equals + 1));
    return;
  }
  const value = caller.env[text];
  if (value === undefined) variables.delete(text);
  else variables.set(text, value);
}

/** The lines of a file in Docker's format, without comments and empty ones; values are verbatim. */
function envFileLines(file: string, caller: Caller): string[] {
  const lines: string[] = [];
  let number = 0;
  for (const raw of readText(file, caller).split(/\r?\n/)) {
    number++;
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const name = line.replace(/=.*$/s, '');
    const place = `${file}:${number}`;
    if (name === '') throw refuse(`${place}: no variable name before =`);
    if (/\s/.test(name)) {
      throw refuse(
        `${place}: white space in the variable name ${quoted(name)}`,
        'an env file has NAME=VALUE on each line, without export and without blanks around =',
      );
    }
    lines.push(line);
  }
  return lines;
}

function readText(file: string, caller: Caller): string {
  let bytes: Buffer;
  try {
    bytes = caller.readFile(file);
  } catch (error) {
    throw refuse(`cannot read the env file ${quoted(file)}: ${reason(error)}`);
  }
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    throw refuse(`the env file ${quoted(file)} is not UTF-8 text`);
  }
}

/** The middle of Node's `ENOENT: no such file or directory, open 'x'`. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
