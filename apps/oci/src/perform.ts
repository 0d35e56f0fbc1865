import {MinicontainerError} from '@minicontainer/errors';
import {type CommandLine, parse, parseCommandLine, text} from './command-line.ts';
import {fail, logTo} from './failure.ts';
import type {Verb} from './verb.ts';

/** undefined for a name that is no verb's. */
export type LoadVerb = (name: string) => Promise<Verb | undefined>;

/**
 * Runs one command line and gives the exit code.
 *
 * @param answer to what is asked about the command line itself
 */
export async function perform(
  argv: readonly string[],
  loadVerb: LoadVerb,
  answer: (commandLine: CommandLine) => Promise<string | undefined> = async () => undefined,
): Promise<number> {
  let failure = 1;
  try {
    const commandLine = parseCommandLine(argv);
    const {global, verb: name = '', rest} = commandLine;
    const path = text(global, 'log');
    logTo({json: text(global, 'log-format') === 'json', ...(path !== undefined && {path})});
    const answered = await answer(commandLine);
    if (answered !== undefined) {
      process.stdout.write(answered);
      return 0;
    }
    const verb = await loadVerb(name);
    if (verb === undefined) throw unknownVerb(name);
    failure = verb.failure ?? failure;
    const parsed = parse(name, rest, verb.flags, verb.endsFlags);
    return await verb.run(parsed, {root: process.env.MINICONTAINER_OCI_ROOT ?? '', global});
  } catch (error) {
    return fail(error, failure);
  }
}

export function unknownVerb(name: string): MinicontainerError {
  return new MinicontainerError('EUSAGE', `there is no command ${JSON.stringify(name)}`, {
    hint: 'minicontainer-oci --help lists them',
  });
}
