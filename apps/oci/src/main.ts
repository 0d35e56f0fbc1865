import {MinicontainerError} from '@minicontainer/errors';
import {type CommandLine, parse, parseCommandLine, text} from './command-line.ts';
import {fail, logTo} from './failure.ts';
import {loadVerb} from './verbs.ts';

/** Runs one command line and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let failure = 1;
  try {
    const commandLine = parseCommandLine(argv);
    const {global, verb: name = '', rest} = commandLine;
    const path = text(global, 'log');
    logTo({json: text(global, 'log-format') === 'json', ...(path !== undefined && {path})});
    const answer = await answerOf(commandLine);
    if (answer !== undefined) {
      process.stdout.write(answer);
      return 0;
    }
    const verb = await loadVerb(name);
    if (verb === undefined) throw unknown(name);
    failure = verb.failure ?? failure;
    const parsed = parse(name, rest, verb.flags, verb.endsFlags);
    return await verb.run(parsed, {root: process.env.MINICONTAINER_OCI_ROOT ?? '', global});
  } catch (error) {
    return fail(error, failure);
  }
}

/** What is asked about the command line itself. */
async function answerOf({global, verb, rest}: CommandLine): Promise<string | undefined> {
  if (global.version === true) return (await import('./help/version.ts')).versionText();
  const asks = rest[0] === '--help' || rest[0] === '-h' || rest[0] === '-help';
  if (verb !== undefined && verb !== 'help' && !asks && global.help !== true) return undefined;
  const {renderHelp} = await import('./help/render.ts');
  const about = verb === 'help' ? rest[0] : verb;
  const help = await renderHelp(about);
  if (help === undefined) throw unknown(about ?? '');
  return help;
}

function unknown(name: string): MinicontainerError {
  return new MinicontainerError('EUSAGE', `there is no command ${JSON.stringify(name)}`, {
    hint: 'minicontainer-oci --help lists them',
  });
}
