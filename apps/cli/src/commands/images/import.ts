import {createReadStream} from 'node:fs';
import {isatty} from 'node:tty';
import {importImage} from '@minicontainer/engine/images';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {interruptible} from '../../progress/interrupt.ts';
import {stdinUntil} from '../../progress/stdin.ts';

const highWaterMark = 1 << 20;

export class ImportCommand extends ProgramCommand {
  static readonly commandName = 'import';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] FILE|- [NAME[:TAG]]',
    description: 'Make an image of a root file system’s archive',
    details: `
The archive is tar: plain, or compressed by gzip or zstd. It becomes the one layer of the image as
it is. With SOURCE_DATE_EPOCH in the environment the same archive makes the same image.`,
    examples: [
      ['A Debian', 'debootstrap stable ./root && tar -C ./root -c . | minicontainer import - mine'],
      ['With a command', `minicontainer import -c 'CMD ["bash"]' -c 'ENV A=b' root.tar.gz mine:2`],
    ],
  };

  change = Option.Array('-c,--change', {
    description:
      'Apply an `INSTRUCTION` of a Dockerfile: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, USER, …',
  });
  message = Option.String('-m,--message', {description: 'Keep this `TEXT` in the image’s history'});
  platform = Option.String('--platform', {
    description: 'Say that it is for `OS/ARCH[/VARIANT]`; this machine’s unless said',
  });
  quiet = Option.Boolean('-q,--quiet', {
    description: 'Print nothing but the image’s id, as is always done',
  });
  source = Option.String({name: 'FILE'});
  name = Option.String({required: false, name: 'NAME'});

  async execute(): Promise<number> {
    const {source, change, message, platform, name} = this;
    if (/^https?:\/\//.test(source)) {
      throw new UsageError(
        'import',
        'nothing is fetched',
        `curl -fL ${source} | minicontainer import -${name === undefined ? '' : ` ${name}`}`,
      );
    }
    if (source === '-' && isatty(0)) {
      throw new UsageError('import', 'stdin is a terminal', 'name a file, or redirect one');
    }
    const {id} = await interruptible(
      (signal) =>
        importImage(
          source === '-' ? stdinUntil(signal) : createReadStream(source, {highWaterMark, signal}),
          source,
          {name, changes: change, message, platform},
        ),
      'nothing of it is kept',
    );
    writeStdout(`${id}\n`);
    return 0;
  }
}
