import {renderCommandHelp} from '../help/command.ts';
import {renderOverview} from '../help/overview.ts';
import {writeStdout} from '../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../program/command.ts';
import {unknownCommand} from '../program/unknown.ts';
import {isCommandName, loadCommand} from './index.ts';

export class HelpCommand extends ProgramCommand {
  static readonly commandName = 'help';
  static readonly commandHelp: CommandHelp = {
    synopsis: '[COMMAND]',
    description: 'Show what the commands are, or how one is called',
    examples: [
      ['All commands', 'minicontainer help'],
      ['The flags of run', 'minicontainer help run'],
    ],
  };

  command = Option.String({required: false});

  async execute(): Promise<number> {
    if (this.command === undefined) {
      writeStdout(await renderOverview());
    } else {
      if (!isCommandName(this.command)) throw unknownCommand(this.command);
      writeStdout(renderCommandHelp(await loadCommand(this.command)));
    }
    return 0;
  }
}
