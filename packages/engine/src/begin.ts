import {spawnSync} from 'node:child_process';
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {findNsexec} from '@minicontainer/nsexec';
import {encodePlan, type Plan} from '@minicontainer/plan';
import {allocate} from './allocate.ts';
import {
  abandonedDirectories,
  type ContainerDirectory,
  createContainerDirectory,
  discardContainerDirectory,
  writeContainerFile,
} from './container-directory.ts';
import {filterCache} from './filter-cache.ts';
import {releaseAbandonedRanges, releaseRanges} from './id-ranges.ts';
import type {RunOptions} from './options.ts';
import {openState} from './own-state.ts';
import {prepare} from './prepare.ts';

/** A container whose plan is written down and waits for nsexec. */
export interface Beginning {
  readonly container: ContainerDirectory;
  readonly plan: Plan;
  readonly planPath: string;
  /** What the caller may not have meant, each in a sentence. */
  readonly notes: readonly string[];
}

/** Allocates, plans and writes down a new container; what went wrong on the way leaves nothing behind. */
export function begin(options: RunOptions, state: string): Beginning {
  openState(state);
  const container = makeDirectory(options, state);
  try {
    const allocation = allocate(options, state, container);
    const {spec, plan, notes} = prepare(options, allocation, filterCache(state));
    writeContainerFile(container, 'config.json', JSON.stringify(spec));
    const planPath = writeContainerFile(container, 'plan', encodePlan(plan));
    return {container, plan, planPath, notes};
  } catch (error) {
    abandon(state, container);
    throw error;
  }
}

/** From here on nobody removes what the container is made of. */
function makeDirectory({source}: RunOptions, state: string): ContainerDirectory {
  using _hold = source.kind === 'layers' ? source.hold : undefined;
  sweep(state);
  const container = createContainerDirectory(state);
  if (source.kind !== 'layers') return container;
  try {
    writeContainerFile(container, 'image.json', JSON.stringify(source.use));
    return container;
  } catch (error) {
    abandon(state, container);
    throw error;
  }
}

/** Undoes `begin`. */
export function abandon(state: string, container: ContainerDirectory): void {
  releaseRanges(state, container);
  discardContainerDirectory(container);
}

/**
 * Cleans up after runs that were killed. Their plan says how, and is performed by nsexec, since what a
 * container wrote may belong to ids that the caller has only inside a user namespace. A directory that
 * something is mounted in stays until it is not: what is mounted there is not ours to remove.
 */
export function sweep(state: string): void {
  for (const container of abandonedDirectories(state)) {
    let plan: number | undefined;
    try {
      plan = openSync(join(container.path, 'plan'), 'r');
      spawnSync(findNsexec(), ['--cleanup', '3'], {stdio: ['ignore', 'ignore', 'ignore', plan]});
    } catch {
      // Killed before it had a plan: then there is nothing but the directory.
    } finally {
      if (plan !== undefined) closeSync(plan);
      if (isMountedIn(container.path)) closeSync(container.lock);
      else abandon(state, container);
    }
  }
  releaseAbandonedRanges(state);
}

function isMountedIn(path: string): boolean {
  return existsSync(path) && readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${path}/`);
}
