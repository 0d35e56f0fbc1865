import {writeStdout} from '../output/streams.ts';
import type {CommandClass} from './command.ts';
import {parseCommand} from './parse.ts';

/** Parses the words behind a command's name and runs it; or prints its help, if they ask for that. */
export async function execute(
  commandClass: CommandClass,
  argv: readonly string[],
): Promise<number> {
  const command = parseCommand(commandClass, argv);
  if (command !== undefined) return command.validateAndExecute();
  const {renderCommandHelp} = await import('../help/command.ts');
  writeStdout(renderCommandHelp(commandClass));
  return 0;
}
