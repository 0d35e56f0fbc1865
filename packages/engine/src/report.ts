import {existsSync, readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {explainFailure as explainReport} from '@minicontainer/nsexec';
import {decodePlan, type Plan} from '@minicontainer/plan';
import {findProgram} from './host-facts.ts';
import {fileSystemOf} from './mounted.ts';
import {criuError} from './runtime/checkpoint/criu.ts';

/** What nsexec tells its reporter. */
export interface ReportedFailure {
  /** Descriptor of the plan, open for reading. */
  readonly fd: number;
  /** Of the operation in the plan; past its end when the plan could not be begun. */
  readonly index: number;
  readonly errno: number;
  readonly detail?: string;
}

/** The error for what nsexec told its reporter. */
export function explainFailure({fd, ...reported}: ReportedFailure): MinicontainerError {
  const plan = readPlan(fd);
  const failure = explainReport(plan, {detail: '', ...reported});
  const failed = plan?.operations[reported.index];
  if (failed?.op === 'adoptRestored') return criuError(failed.args.log);
  if (failure.operation === 'idmapMount') return nameFileSystem(failure, plan, reported.index);
  if (failure.exitCode !== 127 || failure.hint !== undefined) return failure;
  return new MinicontainerError(failure.code, failure.message, {
    hint: adviseMissingCommand(failure.target),
    exitCode: failure.exitCode,
    cause: failure,
  });
}

/** Which file system it is that cannot shift owners, where that can still be told. */
function nameFileSystem(
  failure: ReturnType<typeof explainReport>,
  plan: Plan | undefined,
  index: number,
): MinicontainerError {
  const failed = plan?.operations[index];
  const source = plan?.operations.findLast(
    (some) =>
      some.op === 'openTree' && failed?.op === 'idmapMount' && some.args.to === failed.args.mount,
  );
  if (source?.op !== 'openTree') return failure;
  const type = fileSystemOf(source.args.path);
  const where = type === undefined ? '' : `, a file system of type ${type}`;
  return new MinicontainerError(
    failure.code,
    `owners of ${source.args.path}${where}, cannot be shifted: ${failure.errnoName}`,
    {...(failure.hint === undefined ? {} : {hint: failure.hint}), cause: failure},
  );
}

function readPlan(fd: number): Plan | undefined {
  try {
    return decodePlan(readFileSync(`/proc/self/fd/${fd}`));
  } catch {
    return undefined;
  }
}

/** A command that the host has and the container has not lies where the container sees nothing of it. */
function adviseMissingCommand(command: string): string {
  const onHost = command.includes('/')
    ? existsSync(command) && command.startsWith('/') && command
    : findProgram(command);
  if (onHost) {
    const directory = dirname(onHost);
    if (directory === '/') return `the host has it: bind it with -v ${onHost}:${onHost}`;
    return `the host has it: bind its directory with -v ${directory}:${directory}`;
  }
  if (command.startsWith('.')) return 'bind the directory: -v "$PWD:$PWD" -w "$PWD"';
  return 'check the spelling, or what the root file system has installed';
}
