import {closeSync, openSync, rmSync, writeSync} from 'node:fs';
import type {Readable} from 'node:stream';
import {MinicontainerError} from '@minicontainer/errors';
import {type PlanResult, type RunningPlan, runPlan} from '@minicontainer/nsexec';
import {
  compileTreeWork,
  encodePlan,
  type Operation,
  operation,
  type Plan,
  type TreeOwner,
} from '@minicontainer/plan';
import {flock} from '@minicontainer/syscalls';

/**
 * Removes directories with all in them, as the root of those who own the files.
 *
 * @param planPath a file to be, for as long as it takes nsexec to read it
 */
export async function removeTrees(
  owner: TreeOwner,
  paths: readonly string[],
  planPath: string,
): Promise<void> {
  const work = paths.map((path) =>
    operation('vacate', 'removeTree', {path, journal: false}, 'nobody uses it any more'),
  );
  await perform(owner, work, planPath).result.then(requireEnd);
}

/** @returns how many bytes each directory takes, with all in it */
export async function measureTrees(
  owner: TreeOwner,
  paths: readonly string[],
  planPath: string,
): Promise<number[]> {
  if (paths.length === 0) return [];
  const work = paths.map((path) =>
    operation('keep', 'measureTree', {path}, 'only its owners may look into all of it'),
  );
  const run = perform(owner, work, planPath);
  const [text] = await Promise.all([readAll(run.process.stdout), run.result.then(requireEnd)]);
  return text.trim().split('\n').map(Number);
}

/**
 * Who was killed has reported nothing, and what it was to do may be half done.
 *
 * @throws {MinicontainerError} `EUNPACK`
 */
export function requireEnd({exitCode}: PlanResult): void {
  if (exitCode === 0) return;
  throw new MinicontainerError(
    'EUNPACK',
    `nsexec ended with ${exitCode} before it had done its work`,
    {hint: 'somebody has killed it, or the kernel for want of memory: try again'},
  );
}

function perform(owner: TreeOwner, work: readonly Operation[], planPath: string): RunningPlan {
  const plan = compileTreeWork(owner, work);
  return withPlanFile(plan, planPath, () =>
    runPlan(plan, {planPath, stdio: ['ignore', 'pipe', 'inherit']}),
  );
}

/** Starts what reads a plan from a file, which is locked, so that no sweep takes it, and gone then. */
export function withPlanFile<T>(plan: Plan, path: string, start: () => T): T {
  const fd = openSync(path, 'wx', 0o600);
  try {
    flock(fd, 'exclusive');
    writeSync(fd, encodePlan(plan));
    return start();
  } finally {
    rmSync(path, {force: true});
    closeSync(fd);
  }
}

async function readAll(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}
