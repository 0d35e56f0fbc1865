import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {decodePlan, encodePlan, type Plan} from '@minicontainer/plan';
import type {Person} from '../../e2e/harness/people.ts';
import {roomOf} from '../../e2e/harness/room.ts';
import {
  binPath,
  environmentOf,
  launch,
  nsexecPath,
  type RunOptions,
  type Started,
} from '../../e2e/harness/run.ts';
import {quote} from '../../e2e/harness/words.ts';

/** A container that is all prepared, and its plan not performed yet. */
export interface Prepared {
  readonly plan: Plan;
  /** Where it is written down. */
  readonly path: string;
  /** Performs a plan in its place. nsexec's report of a failure goes to stderr: `index errno detail`. */
  readonly perform: (plan: Plan, nsexec?: string) => Started;
}

export interface PrepareOptions extends RunOptions {
  /** A program and its words that the command, and nsexec too, is started through: `unshare -m`, say. */
  readonly through?: readonly string[];
  /** Who starts that program; unless said, `as`. */
  readonly startedBy?: Person;
}

/** What `minicontainer run WORDS…` hands to nsexec, and leaves to it. */
export async function prepare(
  words: readonly string[],
  options: PrepareOptions & {readonly as: Person},
): Promise<Prepared> {
  const person = options.as;
  const known = containersOf(person);
  const {status, stderr} = await startThrough([binPath(), 'run', ...words], options, '/bin/true')
    .result;
  const id = containersOf(person).find((name) => !known.includes(name));
  if (status !== 0 || id === undefined) throw new Error(`nothing was prepared: ${stderr}`);
  const path = join(roomOf(person).state, 'containers', id, 'plan');
  return {
    plan: decodePlan(readFileSync(path)),
    path,
    perform: (plan, nsexec = nsexecPath()) => {
      writeFileSync(path, encodePlan(plan));
      const script = `exec ${quote(nsexec)} --report 2 9 9< ${quote(path)}`;
      return startThrough(['/bin/sh', '-c', script], options);
    },
  };
}

/** Starts a command as the options say; what is called nsexec in it may be another program. */
export function startThrough(
  command: readonly string[],
  options: PrepareOptions & {readonly as: Person},
  nsexec?: string,
): Started {
  const {through = [], startedBy: as = options.as, env, ...given} = options;
  const [program = '', ...rest] = [...through, ...command];
  return launch(program, rest, {
    ...given,
    as,
    env: {...environmentOf(options.as), ...env, MINICONTAINER_NSEXEC: nsexec},
    cwd: given.cwd ?? roomOf(options.as).work,
  });
}

/**
 * A plan that can be performed again and again: its last stage gives nothing back. What is then left in
 * the state directory, the test gives back by performing the plan itself once.
 */
export function repeatable(plan: Plan): Plan {
  const kept = plan.operations.filter(({op}) => op !== 'removeTree' && op !== 'removeFile');
  return {...plan, operations: kept};
}

function containersOf(person: Person): string[] {
  try {
    return readdirSync(join(roomOf(person).state, 'containers'));
  } catch {
    return [];
  }
}
