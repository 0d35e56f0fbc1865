import {listImages, removeImages} from '@minicontainer/engine/images';
import {oneLine} from '../../output/one-line.ts';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';

export class RmiCommand extends ProgramCommand {
  static readonly commandName = 'rmi';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] IMAGE [IMAGE...]',
    description: 'Remove images, or one of their names',
    details: `
By a name an image loses that name, and is gone with its last; by an id it is gone. All are
removed, or, when one cannot be, none. What other images or containers use of its layers stays.`,
    examples: [
      ['By a name', 'minicontainer rmi debian:12'],
      ['By an id, with all its names', 'minicontainer rmi -f 2d61ae04c2b8'],
    ],
  };

  force = Option.Boolean('-f,--force', false, {
    description: 'Remove an image that has several names by its id',
  });
  all = Option.Boolean('-a,--all', {description: 'Remove all images'});
  noPrune = Option.Boolean('--no-prune', {
    description: 'Accepted because Docker has it: there are no parents of images here',
  });
  ignore = Option.Boolean('-i,--ignore', {description: 'Pass over what is not here'});
  names = Option.Rest({name: 'IMAGE'});

  async execute(): Promise<number> {
    const names = this.#chosen();
    const {untagged, deleted} = await removeImages(names, {
      force: this.force || this.all === true,
    });
    writeStdout(
      [
        ...untagged.map((name) => `Untagged: ${oneLine(name)}\n`),
        ...deleted.map((id) => `Deleted: ${id}\n`),
      ].join(''),
    );
    return 0;
  }

  #chosen(): readonly string[] {
    const {names, all, ignore} = this;
    if (all === true && names.length > 0) {
      throw new UsageError('rmi', '-a takes no names', 'leave either of them out');
    }
    if (all !== true && names.length === 0) throw new UsageError('rmi', 'IMAGE is missing');
    if (all !== true && ignore !== true) return names;
    const listings = listImages();
    if (all === true) return [...new Set(listings.map(({image}) => image.id))];
    const here = new Set(
      listings.flatMap(({image, repository, tag}) => [
        ...[image.name, image.id, image.id.slice(7), `${repository}:${tag}`],
        ...(tag === 'latest' ? [repository] : []),
      ]),
    );
    const isId = (name: string) => listings.some(({image}) => image.id.slice(7).startsWith(name));
    return names.filter((name) => here.has(name) || (/^[0-9a-f]{4,64}$/.test(name) && isId(name)));
  }
}
