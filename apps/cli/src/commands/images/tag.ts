import {tagImage} from '@minicontainer/engine/images';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';

export class TagCommand extends ProgramCommand {
  static readonly commandName = 'tag';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: 'IMAGE NAME [NAME...]',
    description: 'Give an image further names',
    details: `
An image that had such a name keeps none, if it was its last: images shows it as <none>.`,
    examples: [['For a registry to push to', 'minicontainer tag debian:12 localhost:5000/base:1']],
  };

  source = Option.String({name: 'IMAGE'});
  target = Option.String({name: 'NAME'});
  more = Option.Rest();

  async execute(): Promise<number> {
    for (const target of [this.target, ...this.more]) await tagImage(this.source, target);
    return 0;
  }
}
