import {writeStdout} from '../output/streams.ts';
import {type CommandHelp, ProgramCommand} from '../program/command.ts';
import {version} from '../version.ts';

export class VersionCommand extends ProgramCommand {
  static readonly commandName = 'version';
  static readonly commandHelp: CommandHelp = {
    synopsis: '',
    description: 'Print the version',
    examples: [['The version alone', 'minicontainer --version']],
  };

  async execute(): Promise<number> {
    writeStdout(`minicontainer ${version()}\n`);
    return 0;
  }
}
