import {MinicontainerError} from '@minicontainer/errors';
import {parse, parseCommandLine, text} from './command-line.ts';
import {fail, logTo} from './failure.ts';
import type {Verb} from './verb.ts';

type Load = () => Promise<Verb>;

/** By name; `state`, `start`, `kill` and `delete` are the native program's own. */
const verbs: Readonly<Record<string, Load>> = {
  create: async () => (await import('./commands/create.ts')).create,
  exec: async () => (await import('./commands/exec.ts')).exec,
  run: async () => (await import('./commands/run.ts')).run,
  report: async () => (await import('./commands/report.ts')).report,
};

/** Runs one command line and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let failure = 1;
  try {
    const {global, verb: name, rest} = parseCommandLine(argv);
    const path = text(global, 'log');
    logTo({json: text(global, 'log-format') === 'json', ...(path !== undefined && {path})});
    const load = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (load === undefined) throw new MinicontainerError('EUSAGE', `there is no command ${name}`);
    const verb = await load();
    failure = verb.failure ?? failure;
    const parsed = parse(name ?? '', rest, verb.flags, verb.endsFlags);
    return await verb.run(parsed, {root: process.env.MINICONTAINER_OCI_ROOT ?? '', global});
  } catch (error) {
    return fail(error, failure);
  }
}
