import type {GroupName} from './commands/images/groups.ts';
import {type CommandName, isCommandName, loadCommand} from './commands/index.ts';
import {printError} from './output/failure.ts';
import {writeStdout} from './output/streams.ts';
import {version} from './version.ts';

/** Runs one command line; says on stderr why it could not. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    return printError(error);
  }
}

async function dispatch([word, ...rest]: readonly string[]): Promise<number> {
  switch (word) {
    case '--version':
      writeStdout(`minicontainer ${version()}\n`);
      return 0;
    case undefined:
    case '--help':
    case '-h':
      return runCommand('help', []);
    case 'image':
    case 'system':
      return runGroup(word, rest);
    default:
      if (isCommandName(word)) return runCommand(word, rest);
      throw (await import('./program/unknown.ts')).unknownCommand(word);
  }
}

// Only the command that was asked for is loaded: clipanion compiles whatever it is given.
async function runCommand(name: CommandName, argv: readonly string[]): Promise<number> {
  const [{execute}, command] = await Promise.all([
    import('./program/execute.ts'),
    loadCommand(name),
  ]);
  return execute(command, argv);
}

async function runGroup(group: GroupName, argv: readonly string[]): Promise<number> {
  const {resolveGroup} = await import('./commands/images/groups.ts');
  const resolved = await resolveGroup(group, argv, loadCommand);
  return resolved === undefined ? 0 : runCommand(...resolved);
}
