import {appendFileSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';

/** Where errors go besides stderr. */
export interface ErrorLog {
  readonly path?: string;
  readonly json: boolean;
}

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
  process.stderr.write(`minicontainer-oci: ${message}\n`);
  if (known && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  append('error', message);
  return exitCode;
}

/** Tells what goes on all the same. */
export function warn(message: string): void {
  process.stderr.write(`minicontainer-oci: warning: ${message}\n`);
  append('warning', message);
}

function append(level: 'error' | 'warning', message: string): void {
  if (log.path === undefined || log.path === '') return;
  const time = new Date().toISOString();
  const line = log.json
    ? JSON.stringify({level, msg: message, time})
    : `time="${time}" level=${level} msg=${JSON.stringify(message)}`;
  try {
    appendFileSync(log.path, `${line}\n`);
  } catch {
    // It stands on stderr.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
