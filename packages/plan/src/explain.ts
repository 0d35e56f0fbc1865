import {describeArgument} from './explain-argument.ts';
import {operations} from './operations.ts';
import type {Operation, Plan} from './plan.ts';
import {type Stage, stages} from './stages.ts';

/**
 * The plan for a person: every operation in its stage, with its reason and man page.
 *
 * @returns lines that end with a newline
 */
export function explainPlan(plan: Plan): string {
  const lines: string[] = [];
  let stage: Stage | undefined;
  plan.operations.forEach((operation, index) => {
    if (operation.stage !== stage) {
      stage = operation.stage;
      lines.push('', `${stage} (${stages[stage].process})`);
    }
    lines.push(
      `${String(index).padStart(4)}  ${describeOperation(operation)}`,
      `      ${operation.why}  [${operations[operation.op].man}]${describeFallback(operation)}`,
    );
  });
  const omitted = plan.omitted?.map((what) => `      ${what}`) ?? [];
  if (omitted.length > 0) lines.push('', 'left out', ...omitted);
  return `${lines.slice(1).join('\n')}\n`;
}

/** The plan for programs: plain JSON, 64-bit numbers as hexadecimal strings. */
export function planToJson(plan: Plan): unknown {
  return {
    seal: plan.seal,
    omitted: plan.omitted ?? [],
    operations: plan.operations.map((operation, index) => ({
      index,
      stage: operation.stage,
      process: stages[operation.stage].process,
      op: operation.op,
      does: operations[operation.op].does,
      why: operation.why,
      man: operations[operation.op].man,
      syscalls: operations[operation.op].syscalls,
      args: Object.fromEntries(
        Object.entries<unknown>(operation.args).map(([name, value]) => [name, toJson(value)]),
      ),
      optional: operation.optional ?? [],
      else: operation.else ?? 0,
    })),
  };
}

/** One operation in one line: its name and arguments. */
export function describeOperation(operation: Operation): string {
  const args = Object.entries<unknown>(operation.args)
    // No limit and a limit of 0 are not the same.
    .filter(([, value]) => operation.op === 'setRlimit' || !isSilent(value))
    .map(([name, value]) => `${name}=${describeArgument(operation.op, name, value)}`);
  return [operation.op, ...args].join(' ');
}

function describeFallback(operation: Operation): string {
  if (operation.optional === undefined) return '';
  const next = operation.else === undefined ? 'is passed over' : `runs the next ${operation.else}`;
  return `  (${operation.optional.join(', ')}: ${next})`;
}

/** What an argument says by not being there. */
function isSilent(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === false || value === '' || value === 0n;
}

function toJson(value: unknown): unknown {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}
