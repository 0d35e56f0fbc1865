import {isatty} from 'node:tty';
import {familiarName, loadImage, parseReference} from '@minicontainer/engine/images';
import {omissionNotes} from '../../images/omissions.ts';
import {printNote} from '../../output/failure.ts';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {loadWords} from '../../progress/line.ts';
import {stdinUntil} from '../../progress/stdin.ts';
import {watched} from '../../progress/watched.ts';

export class LoadCommand extends ProgramCommand {
  static readonly commandName = 'load';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS]',
    description: 'Take images from an archive, with their names',
    details: `
Reads what docker save and podman save write, and OCI image layouts, as an archive or a directory:
plain, or compressed by gzip or zstd. Of an image for several platforms one is taken.`,
    examples: [
      ['What another machine has', 'ssh host docker save debian:12 | minicontainer load'],
      ['A file, or a directory', 'minicontainer load -i ./debian.tar'],
    ],
  };

  input = Option.String('-i,--input', {
    description: 'Read `FILE`, or a directory; stdin unless said',
  });
  platform = Option.String('--platform', {
    description: 'Take the image for `OS/ARCH[/VARIANT]`; this machine’s unless said',
  });
  quiet = Option.Boolean('-q,--quiet', false, {description: 'Print nothing but what was loaded'});

  async execute(): Promise<number> {
    const input = this.input === '-' ? undefined : this.input;
    if (input === undefined && isatty(0)) {
      throw new UsageError('load', 'stdin is a terminal', 'add -i FILE, or redirect one');
    }
    const {platform, quiet} = this;
    const hint = 'nothing of it is kept';
    const images = await watched({quiet, words: loadWords, hint}, (watching) =>
      loadImage(input ?? stdinUntil(watching.signal), {platform, ...watching}),
    );
    for (const {image, omissions} of images) {
      const {name: fullName, id} = image;
      const name = fullName === undefined ? undefined : familiarName(parseReference(fullName));
      for (const note of omissionNotes(name ?? id, omissions)) printNote(note);
      writeStdout(name === undefined ? `Loaded image ID: ${id}\n` : `Loaded image: ${name}\n`);
    }
    return 0;
  }
}
