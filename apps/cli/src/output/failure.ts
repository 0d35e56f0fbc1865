import {MinicontainerError} from '@minicontainer/errors';
import {writeStderr} from './streams.ts';

/**
 * Says on stderr what failed, why and what to do: one line each; the stack only for who debugs us.
 *
 * @returns the exit code
 */
export function printError(error: unknown, env: NodeJS.ProcessEnv = process.env): number {
  const debug = env.MINICONTAINER_DEBUG === '1';
  const ours = error instanceof MinicontainerError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = ours ? error.hint : 'this is a bug; MINICONTAINER_DEBUG=1 shows where';
  writeStderr(`minicontainer: ${printable(ours ? message : `internal error: ${message}`)}\n`);
  if (hint !== undefined) writeStderr(`hint: ${printable(hint)}\n`);
  if (debug) writeStderr(`${trace(error)}\n`);
  return ours ? error.exitCode : 125;
}

/** One line on stderr for what nobody may have meant, and which stops nothing. */
export function printNote(sentence: string): void {
  writeStderr(`minicontainer: ${printable(sentence)}\n`);
}

/** One line, whatever stands in it: file names and arguments may hold line breaks and escapes. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    if (character === '\n') return '\\n';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function trace(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${trace(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
