import {fstatSync, openSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import {findNsexec} from '@minicontainer/nsexec';
import {clearCloseOnExec, execve} from '@minicontainer/syscalls';
import {abandon, begin} from './begin.ts';
import {type ImageProvision, withLayers} from './image/provision.ts';
import type {RunOptions} from './options.ts';
import {callerState} from './state.ts';

export interface ReplaceOptions {
  /**
   * A command line that nsexec executes when an operation fails, with four more words: the plan's
   * descriptor, the operation's index, errno, and a detail. See `explainFailure`.
   */
  readonly reporter: readonly string[];
  /** Is told what the caller may not have meant. */
  readonly note?: (sentence: string) => void;
  /** For a container of an image. */
  readonly image?: ImageProvision;
}

/**
 * Runs a container in the foreground, in the place of this process: its pid, its terminal and its
 * standard streams are the container's supervisor's from now on, and Node is gone from memory.
 *
 * @throws {MinicontainerError} when the container could not be begun; nothing is left behind then
 */
export async function replaceWithContainer(
  options: RunOptions,
  {reporter, note = () => {}, image}: ReplaceOptions,
): Promise<never> {
  requireStream(0);
  const nsexec = findNsexec();
  const state = callerState();
  const {container, planPath, notes} = begin(await withLayers(options, state, image), state);
  for (const sentence of notes) note(sentence);
  try {
    const plan = openSync(planPath, 'r');
    clearCloseOnExec(plan);
    // Held by nsexec from here on: who can take the lock knows that the container is gone.
    clearCloseOnExec(container.lock);
    execve(nsexec, ['nsexec', String(plan), ...reporter], process.env);
  } catch (error) {
    abandon(state, container);
    throw error;
  }
}

/** Bytes can be relayed from anything that has an end; a directory or a disk is there by mistake. */
function requireStream(fd: number): void {
  const stream = fstatSync(fd);
  if (!stream.isDirectory() && !stream.isBlockDevice()) return;
  const kind = stream.isDirectory() ? 'a directory' : 'a block device';
  throw new MinicontainerError('ESTREAM', `standard input is ${kind}`, {
    hint: 'redirect a file, or nothing: < /dev/null; to give the container a directory use -v',
  });
}
