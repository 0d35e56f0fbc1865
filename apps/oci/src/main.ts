import type {CommandLine} from './command-line.ts';
import {perform, unknownVerb} from './perform.ts';
import {loadVerb} from './verbs.ts';

/** Runs one command line and gives the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return perform(argv, loadVerb, answerOf);
}

/** What is asked about the command line itself. */
async function answerOf({global, verb, rest}: CommandLine): Promise<string | undefined> {
  if (global.version === true) return (await import('./help/version.ts')).versionText();
  const asks = rest[0] === '--help' || rest[0] === '-h' || rest[0] === '-help';
  if (verb !== undefined && verb !== 'help' && !asks && global.help !== true) return undefined;
  const {renderHelp} = await import('./help/render.ts');
  const about = verb === 'help' ? rest[0] : verb;
  const help = await renderHelp(about);
  if (help === undefined) throw unknownVerb(about ?? '');
  return help;
}
