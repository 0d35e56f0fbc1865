import {getSystemErrorMap} from 'node:util';
import {MinicontainerError} from '@minicontainer/errors';
import {type Operation, operations, type Plan} from '@minicontainer/plan';
import {findHint, type Hint} from './hints.ts';
import type {Report} from './report.ts';
import {findRuntimeHint} from './runtime-hints.ts';

/** A failure of one operation, for a program. */
export class OperationError extends MinicontainerError {
  override readonly name = 'OperationError';
  /** The operation's name in the plan. */
  readonly operation: string;
  /** What it was about: a path, a user, an interface. */
  readonly target: string;
  readonly errno: number;
  readonly errnoName: string;

  constructor(
    message: string,
    failed: {operation: string; target: string; errno: number; errnoName: string},
    hint: Hint,
  ) {
    super(hint.code ?? 'EOPERATION', message, {
      ...(hint.hint === undefined ? {} : {hint: hint.hint}),
      exitCode: hint.exitCode ?? 125,
    });
    this.operation = failed.operation;
    this.target = failed.target;
    this.errno = failed.errno;
    this.errnoName = failed.errnoName;
  }
}

/** The error for a report: which operation failed, on what, why it was there, and what to do. */
export function explainFailure(plan: Plan | undefined, report: Report): OperationError {
  const operation = plan?.operations[report.index];
  const [errnoName, text] = nameErrno(report.errno);
  if (operation === undefined) {
    return new OperationError(
      `nsexec could not start the plan: ${errnoName} (${text})`,
      {operation: 'start', target: report.detail, errno: report.errno, errnoName},
      {hint: 'reinstall: the nsexec binary and the packages must be of one version'},
    );
  }
  const target = report.detail === '' ? describeTarget(operation) : report.detail;
  const ours = isForEngine(plan) ? findRuntimeHint(operation, errnoName, report.detail) : undefined;
  const hint = ours ?? findHint(operation, errnoName, report.detail);
  const message =
    hint.message ??
    `cannot ${operations[operation.op].does}${target === '' ? '' : `: ${target}`}: ` +
      `${errnoName} (${text}); it is there because: ${operation.why}`;
  return new OperationError(
    message,
    {operation: operation.op, target, errno: report.errno, errnoName},
    hint,
  );
}

/** Whether another engine has it made: nobody else is told beforehand whether the command is there. */
function isForEngine(plan: Plan | undefined): boolean {
  return plan?.operations.some(({op}) => op === 'findCommand') ?? false;
}

/** What the kernel answers and Node's own table has not: it knows those of its own calls alone. */
const furtherErrnos = new Map<number, readonly [string, string]>([
  [8, ['ENOEXEC', 'exec format error']],
  [35, ['EDEADLK', 'resource deadlock avoided']],
  [37, ['ENOLCK', 'no locks available']],
  [62, ['ETIME', 'timer expired']],
  [87, ['EUSERS', 'too many users']],
  [116, ['ESTALE', 'stale file handle']],
  [122, ['EDQUOT', 'disk quota exceeded']],
]);

function nameErrno(errno: number): readonly [string, string] {
  return (
    getSystemErrorMap().get(-errno) ??
    furtherErrnos.get(errno) ?? [`errno ${errno}`, 'unknown error']
  );
}

/** The argument that says most about what an operation was done to. */
function describeTarget(operation: Operation): string {
  const args: Readonly<Record<string, unknown>> = operation.args;
  // The slots of the spec's mounts are named by their places.
  const place = String(args.root ?? '');
  if (place.startsWith('/')) return `${place}/${args.path}`;
  for (const name of ['path', 'target', 'name', 'file', 'type', 'mount', 'user']) {
    const value = args[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return Array.isArray(args.argv) ? String(args.argv[0]) : '';
}
