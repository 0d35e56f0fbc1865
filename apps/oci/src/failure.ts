import {closeSync, constants, openSync, writeFileSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';

/** Where errors go besides stderr. */
export interface ErrorLog {
  readonly path?: string;
  readonly json: boolean;
}

/** A log that nobody reads is not waited for. */
const appending =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

let log: ErrorLog = {json: false};

export function logTo(chosen: ErrorLog): void {
  log = chosen;
}

/**
 * Tells an error to who reads stderr and to the engine that reads the log.
 *
 * @param exitCode 1, as runc's, unless the verb has its own
 */
export function fail(error: unknown, exitCode = 1): number {
  const known = error instanceof MinicontainerError;
  const message =
    known || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  // Of an error of our own making the stack is wanted, in its lines.
  process.stderr.write(`minicontainer-oci: ${known ? printable(message) : message}\n`);
  if (known && error.hint !== undefined) process.stderr.write(`hint: ${printable(error.hint)}\n`);
  append('error', message);
  return exitCode;
}

/** Tells what goes on all the same. */
export function warn(message: string): void {
  process.stderr.write(`minicontainer-oci: warning: ${printable(message)}\n`);
  append('warning', message);
}

function append(level: 'error' | 'warning', message: string): void {
  if (log.path === undefined || log.path === '') return;
  const time = new Date().toISOString();
  const line = log.json
    ? JSON.stringify({level, msg: message, time})
    : `time="${time}" level=${level} msg=${JSON.stringify(message)}`;
  try {
    const file = openSync(log.path, appending, 0o644);
    try {
      writeFileSync(file, `${line}\n`);
    } finally {
      closeSync(file);
    }
  } catch {
    // It stands on stderr.
  }
}

/** One line, whatever stands in it: what comes of a bundle does not speak to a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
