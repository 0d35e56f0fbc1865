import {historyOf} from '@minicontainer/engine/images';
import {historyHeaders, historyLine, historyRow} from '../../images/history-rows.ts';
import {printResult} from '../../images/print-result.ts';
import {renderListing} from '../../listing/listing.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';

export class HistoryCommand extends ProgramCommand {
  static readonly commandName = 'history';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] IMAGE',
    description: 'Show how an image was made, its last step first',
    details: `
SIZE is what the step added, compressed. Only of the last step is the id of an image known.`,
    examples: [
      ['In short', 'minicontainer history debian:12'],
      [
        'The commands in full',
        'minicontainer history --no-trunc --format {{.CreatedBy}} debian:12',
      ],
    ],
  };

  format = Option.String('--format', {
    description: 'Print as `FORMAT`: table, json, a template, or table and a template',
  });
  human = Option.Boolean('-H,--human', true, {
    description: 'Print ages and sizes for people; =false: dates and bytes',
  });
  noTrunc = Option.Boolean('--no-trunc', false, {description: 'Print ids and commands in full'});
  quiet = Option.Boolean('-q,--quiet', {description: 'Print ids alone'});
  name = Option.String({name: 'IMAGE'});

  async execute(): Promise<number> {
    const {human, noTrunc} = this;
    const options = {human, noTrunc, now: Date.now()};
    const listing = {
      headers: historyHeaders(options),
      line: historyLine,
      rows: (await historyOf(this.name)).map((step) => historyRow(step, options)),
    };
    printResult(renderListing(listing, this.format ?? (this.quiet ? '{{.ID}}' : undefined)));
    return 0;
  }
}
