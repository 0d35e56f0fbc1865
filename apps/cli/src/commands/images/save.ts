import {isatty} from 'node:tty';
import {saveFormats, saveImage} from '@minicontainer/engine/images';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {interruptible} from '../../progress/interrupt.ts';

export class SaveCommand extends ProgramCommand {
  static readonly commandName = 'save';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] IMAGE [IMAGE...]',
    description: 'Write images into an archive, with their names',
    details: `
The archive is one that docker load reads, and an OCI image layout as well: layers and digests are
those that the images have here. The same images make the same bytes. An image that is named by
its id has no name there.`,
    examples: [
      [
        'An image for another machine',
        'minicontainer save debian:12 | ssh host minicontainer load',
      ],
      [
        'Two, as a layout of OCI alone',
        'minicontainer save --format oci-archive -o two.tar debian:12 alpine',
      ],
      ['A directory that umoci reads', 'minicontainer save --format oci-dir -o ./debian debian:12'],
    ],
  };

  output = Option.String('-o,--output', {
    description: 'Write `FILE`, or a directory; stdout unless said',
  });
  format = Option.String('--format', 'docker-archive', {
    description: 'Write as `FORMAT`: docker-archive (default), oci-archive, oci-dir or docker-dir',
  });
  multiImageArchive = Option.Boolean('-m,--multi-image-archive', {
    description: 'Take several images, as is always done',
  });
  quiet = Option.Boolean('-q,--quiet', {description: 'Print nothing about the progress'});
  names = Option.Rest({required: 1, name: 'IMAGE'});

  async execute(): Promise<number> {
    const format = saveFormats.find((known) => known === this.format);
    if (format === undefined) {
      throw new UsageError('save', `--format is ${saveFormats.join(', ')}, not ${this.format}`);
    }
    if (this.output === undefined && format.endsWith('-dir')) {
      throw new UsageError('save', 'a directory needs a name', 'add -o DIR');
    }
    if (this.output === undefined && isatty(1)) {
      throw new UsageError(
        'save',
        'an archive is nothing for a terminal',
        'add -o FILE, or redirect it',
      );
    }
    const {names, output = writeStdout} = this;
    await interruptible(
      (signal) => saveImage(names, {format, output, signal}),
      'nothing of it is kept',
    );
    return 0;
  }
}
