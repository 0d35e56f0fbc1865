import {existsSync, readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {explainFailure as explainReport} from '@minicontainer/nsexec';
import {decodePlan, type Plan} from '@minicontainer/plan';
import {findProgram} from './host-facts.ts';

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
  const failure = explainReport(readPlan(fd), {detail: '', ...reported});
  if (failure.exitCode !== 127 || failure.hint !== undefined) return failure;
  return new MinicontainerError(failure.code, failure.message, {
    hint: adviseMissingCommand(failure.target),
    exitCode: failure.exitCode,
    cause: failure,
  });
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
