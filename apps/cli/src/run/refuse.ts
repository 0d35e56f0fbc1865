import {UsageError} from '../program/usage.ts';

/** An error about the command line of `run`. */
export function refuse(reason: string, hint?: string): UsageError {
  return new UsageError('run', reason, hint);
}

/** An argument as a person would type it. */
export function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
