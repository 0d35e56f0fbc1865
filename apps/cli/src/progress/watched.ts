import {setFlagsFromString} from 'node:v8';
import type {ProgressEvent} from '@minicontainer/engine/images';
import {keepCompiled} from '../program/script.ts';
import {openDisplay} from './display.ts';
import {interruptible} from './interrupt.ts';
import {type PhaseWords, pullWords} from './line.ts';

export interface Watched {
  readonly signal: AbortSignal;
  readonly progress?: (event: ProgressEvent) => void;
}

/**
 * Does work that a person may watch and Ctrl-C may end.
 *
 * @throws {MinicontainerError} `EINTERRUPTED` with the exit code of the signal, or what the work throws
 */
export function watched<T>(
  {
    quiet,
    words = pullWords,
    hint,
  }: {readonly quiet: boolean; readonly words?: PhaseWords; readonly hint?: string},
  work: (watched: Watched) => Promise<T>,
): Promise<T> {
  return sparingMarks(() =>
    interruptible(async (signal) => {
      if (quiet) return await work({signal});
      await using display = await openDisplay(words);
      return await work({signal, progress: display.listener});
    }, hint),
  ).finally(keepCompiled);
}

/**
 * Of the 300 MB of buffers that a pull takes V8 marks its small heap anew at every 12 MB, which is a sixth of all
 * the work. What is young is collected as ever here, and all, at once, when there is much of it.
 */
async function sparingMarks<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--no-incremental-marking');
  try {
    return await work();
  } finally {
    // V8 takes compiled code only from a process of the same flags.
    setFlagsFromString('--incremental-marking');
  }
}
