import {writeSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';

// Written by descriptor: process.stdout takes 4 ms to be made, and leaves a pipe non-blocking.

/** Writes to stdout; when nobody reads it any more (`| head`) the process ends there, quietly. */
export function writeStdout(text: string | Uint8Array): void {
  try {
    writeAll(1, text);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EPIPE') process.exit(0);
    throw new MinicontainerError('ESTDOUT', `cannot write to stdout: ${code}`, {cause: error});
  }
}

/** Writes to stderr as well as it can: there is nowhere left to complain to. */
export function writeStderr(text: string): void {
  try {
    writeAll(2, text);
  } catch {
    return;
  }
}

function writeAll(fd: number, text: string | Uint8Array): void {
  let bytes = typeof text === 'string' ? Buffer.from(text) : text;
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      // Somebody else made the pipe non-blocking, and its reader is slow.
      if (errorCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
