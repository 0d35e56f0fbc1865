import {addAbortSignal, type Readable} from 'node:stream';

/** What comes from stdin, until it ends or somebody ends the work that reads it. */
export function stdinUntil(signal: AbortSignal): Readable {
  return addAbortSignal(signal, process.stdin);
}
