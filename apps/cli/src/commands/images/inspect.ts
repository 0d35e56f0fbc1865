import {inspectImage} from '@minicontainer/engine/images';
import {inspectionValue} from '../../images/inspection.ts';
import {printResult} from '../../images/print-result.ts';
import {printError} from '../../output/failure.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {compileTemplate, encodeJson, type Struct} from '../../template/index.ts';

export class InspectCommand extends ProgramCommand {
  static readonly commandName = 'inspect';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] IMAGE [IMAGE...]',
    description: 'Tell all that is known of images, as JSON in the fields of Docker',
    examples: [
      ['Everything', 'minicontainer inspect debian:12'],
      ['What it runs', 'minicontainer inspect -f {{.Config.Cmd}} debian:12'],
      [
        'Its layers, one a line',
        'minicontainer inspect -f {{range.RootFS.Layers}}{{println.}}{{end}} x',
      ],
    ],
  };

  format = Option.String('-f,--format', {
    description: 'Print as `FORMAT`: json, or a template for each image',
  });
  type = Option.String('--type', 'image', {description: 'Look among `TYPE`: image alone so far'});
  names = Option.Rest({required: 1, name: 'IMAGE'});

  async execute(): Promise<number> {
    const {format, type, names} = this;
    if (type !== 'image' && type !== 'all') {
      throw new UsageError('inspect', `--type is image, not ${type}`);
    }
    const isJson = format === undefined || format === 'json' || format === '';
    const render = isJson ? undefined : compileTemplate(format);
    const images: Struct[] = [];
    let exitCode = 0;
    for (const name of names) {
      try {
        const image = inspectionValue(await inspectImage(name));
        if (render === undefined) images.push(image);
        else printResult(`${render(image)}\n`);
      } catch (error) {
        // The others are told of all the same.
        exitCode = printError(error);
      }
    }
    if (isJson) printResult(`${encodeJson(images, format === 'json' ? undefined : 4)}\n`);
    return exitCode;
  }
}
