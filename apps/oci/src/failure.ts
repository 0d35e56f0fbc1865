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

/** Tells an error to who reads stderr and to the engine that reads the log; the exit code is 1, as runc's. */
export function fail(error: unknown): number {
  const known = error instanceof MinicontainerError;
  const message =
    known || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  process.stderr.write(`minicontainer-oci: ${message}\n`);
  if (known && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  if (log.path === undefined || log.path === '') return 1;
  const time = new Date().toISOString();
  const line = log.json
    ? JSON.stringify({level: 'error', msg: message, time})
    : `time="${time}" level=error msg=${JSON.stringify(message)}`;
  try {
    appendFileSync(log.path, `${line}\n`);
  } catch {
    // It stands on stderr.
  }
  return 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
