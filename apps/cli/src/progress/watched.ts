import type {ProgressEvent} from '@minicontainer/engine/images';
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
  return interruptible(async (signal) => {
    if (quiet) return await work({signal});
    await using display = await openDisplay(words);
    return await work({signal, progress: display.listener});
  }, hint);
}
