import {setMaxListeners} from 'node:events';
import {MinicontainerError} from '@minicontainer/errors';
import type {ImageStore} from '@minicontainer/image';
import {storedTrees} from './stored-trees.ts';

/** Something with many parts at once, of which one may fail. */
export interface Attempt {
  /** Aborted when the attempt is, or one of its parts has failed. */
  readonly signal: AbortSignal;
  /** Says that a part has failed. */
  fail(error: unknown): void;
  /** Takes a part that goes on while others do: the attempt does not end before it. */
  during<T>(part: Promise<T>): Promise<T>;
}

/**
 * Makes an attempt, and ends with all its parts, however it ends. What was refused, or found no room on
 * the disk, leaves nothing; what was fetched before a registry or the network failed is not fetched again.
 *
 * @throws what `work` throws
 */
export async function leavingNothing<T>(
  store: ImageStore,
  signal: AbortSignal | undefined,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  // An image of a hundred layers has as many listeners, and they leak nothing.
  setMaxListeners(0, either);
  const parts: Promise<unknown>[] = [];
  const during = <Part>(part: Promise<Part>): Promise<Part> => {
    // Each is awaited where it is needed; until then its failure is nobody's.
    parts.push(part.catch(() => undefined));
    return part;
  };
  try {
    return await work({signal: either, fail: (error) => stop.abort(error), during});
  } catch (error) {
    stop.abort(error);
    await Promise.all(parts);
    if (isFinal(error) && signal?.aborted !== true) await clear(store);
    throw error;
  }
}

/** Whether a second try would come no further. */
function isFinal(error: unknown): boolean {
  const code = error instanceof MinicontainerError ? error.code : '';
  return !['ENETWORK', 'EREGISTRY', 'EAUTH'].includes(code);
}

async function clear(store: ImageStore): Promise<void> {
  try {
    await store.sweep({trees: storedTrees(store.root)});
  } catch {
    // The failure before this one is what there is to tell.
  }
}
