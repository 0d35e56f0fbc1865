import {type ChildProcess, spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import type {Readable} from 'node:stream';
import {MinicontainerError} from '@minicontainer/errors';
import type {Plan} from '@minicontainer/plan';
import {parseOutOfMemory} from './cgroup-hints.ts';
import {explainFailure} from './explain-failure.ts';
import {findNsexec, overrideVariable} from './find.ts';
import {parseReport} from './report.ts';

/** A standard stream of the container: the caller's own, none, or a pipe to Node. */
export type Stream = 'inherit' | 'ignore' | 'pipe';

export interface RunPlanOptions {
  /** A file that holds the plan's bytes. */
  readonly planPath: string;
  readonly stdio?: readonly [Stream, Stream, Stream];
  /** Descriptors that must stay open as long as nsexec lives, such as a lock. */
  readonly keepOpen?: readonly number[];
  /** Performs the last stages alone. */
  readonly cleanup?: boolean;
}

/** How the container's command ended. */
export interface PlanResult {
  /** The command's own, or 128 and the number of the signal that ended it. */
  readonly exitCode: number;
  /** How many of its processes the kernel killed when memory had run out. */
  readonly outOfMemoryKills: number;
}

export interface RunningPlan {
  readonly process: ChildProcess;
  /**
   * @throws {OperationError} when an operation failed; the container's state is cleaned up by then
   */
  readonly result: Promise<PlanResult>;
}

const planDescriptor = 3;
const reportDescriptor = 4;

/** Performs a plan in a process of its own, with Node as its parent. */
export function runPlan(plan: Plan, options: RunPlanOptions): RunningPlan {
  const file = openSync(options.planPath, 'r');
  const [stdin, stdout, stderr] = options.stdio ?? (['inherit', 'inherit', 'inherit'] as const);
  try {
    const nsexec = spawn(
      findNsexec(),
      [
        '--report',
        String(reportDescriptor),
        ...(options.cleanup ? ['--cleanup'] : []),
        String(planDescriptor),
      ],
      {stdio: [stdin, stdout, stderr, file, 'pipe', ...(options.keepOpen ?? [])]},
    );
    return {process: nsexec, result: watch(nsexec, plan)};
  } finally {
    closeSync(file);
  }
}

async function watch(nsexec: ChildProcess, plan: Plan): Promise<PlanResult> {
  const ended = new Promise<number>((resolve, reject) => {
    nsexec.once('error', (cause) => reject(startError(nsexec.spawnfile, cause)));
    nsexec.once('close', (code, signal) => resolve(code ?? (signal === null ? 125 : 128 + 9)));
  });
  const [line, exitCode] = await Promise.all([
    readAll(nsexec.stdio[reportDescriptor] as Readable),
    ended,
  ]);
  if (line === '') return {exitCode, outOfMemoryKills: 0};
  const report = parseReport(line);
  const isOfMemory = plan.operations[report.index]?.op === 'reportOutOfMemory';
  const found = isOfMemory ? parseOutOfMemory(report.detail) : undefined;
  if (found === undefined) throw explainFailure(plan, report);
  return {exitCode: found.exitCode, outOfMemoryKills: found.killed};
}

function startError(path: string, cause: Error): MinicontainerError {
  const code = 'code' in cause ? String(cause.code) : cause.message;
  return new MinicontainerError('ENSEXEC', `${path} cannot be started: ${code}`, {
    cause,
    hint: `name another nsexec binary with ${overrideVariable}, or reinstall`,
  });
}

async function readAll(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
