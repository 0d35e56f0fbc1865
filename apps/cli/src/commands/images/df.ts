import {diskUsage} from '@minicontainer/engine/images';
import {printResult} from '../../images/print-result.ts';
import {
  imageUsageHeaders,
  imageUsageLine,
  imageUsageRows,
  usageHeaders,
  usageLine,
  usageRow,
} from '../../images/usage-rows.ts';
import {renderListing} from '../../listing/listing.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';

export class DfCommand extends ProgramCommand {
  static readonly commandName = 'df';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS]',
    description: 'Show what images and containers take of the disk',
    details: `
Every byte under the state directory is in one of the lines, as du(1) counts it. RECLAIMABLE is
what minicontainer prune -a would free.`,
    examples: [
      ['In short', 'minicontainer df'],
      ['Each image, with what it shares with others', 'minicontainer df -v'],
    ],
  };

  format = Option.String('--format', {
    description: 'Print as `FORMAT`: table, json, a template, or table and a template',
  });
  verbose = Option.Boolean('-v,--verbose', {description: 'Show each image'});

  async execute(): Promise<number> {
    const now = Date.now();
    const {lines, images} = await diskUsage();
    const summary = {headers: usageHeaders, line: usageLine, rows: lines.map(usageRow)};
    const detail = {
      headers: imageUsageHeaders,
      line: imageUsageLine,
      rows: images.flatMap((image) => imageUsageRows(image, now)),
    };
    printResult(renderListing(this.verbose ? detail : summary, this.format));
    return 0;
  }
}
