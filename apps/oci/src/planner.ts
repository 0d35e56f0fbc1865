import {create} from './commands/create.ts';
import {exec} from './commands/exec.ts';
import {run} from './commands/run.ts';
import {fail} from './failure.ts';
import {perform} from './perform.ts';
import {beforeHandOver} from './plan-channel.ts';
import type {Verb} from './verb.ts';

const verbs: Readonly<Record<string, Verb>> = {create, exec, run};

/**
 * Runs a command line of the verbs that engines wait for most, in a bundle of their own: it has no more than
 * they need.
 *
 * @param save is called before the plan is handed over, which ends this process
 */
export async function plan(argv: readonly string[], save: () => void): Promise<number> {
  process.on('uncaughtException', (error) => process.exit(fail(error)));
  beforeHandOver(save);
  return perform(argv, async (name) => (Object.hasOwn(verbs, name) ? verbs[name] : undefined));
}
