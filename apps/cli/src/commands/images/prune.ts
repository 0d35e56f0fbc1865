import {pruneImages} from '@minicontainer/engine/images';
import {confirm} from '../../images/confirm.ts';
import {pruneFilter, pruneFilterKeys} from '../../images/prune-filter.ts';
import {parseFilters} from '../../listing/filters.ts';
import {humanSize} from '../../listing/size.ts';
import {printNote} from '../../output/failure.ts';
import {oneLine} from '../../output/one-line.ts';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';

export class PruneCommand extends ProgramCommand {
  static readonly commandName = 'prune';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS]',
    description: 'Remove what nothing uses: images without a name, downloads that were cut off',
    details: `
What a container or a running pull uses stays, and so do images with a name, unless -a is given.`,
    examples: [
      ['Without a question', 'minicontainer prune -f'],
      ['All images that no container uses', 'minicontainer prune -a'],
      ['Those that were made over a week ago', 'minicontainer prune -a --filter until=168h'],
    ],
  };

  all = Option.Boolean('-a,--all', false, {description: 'Remove images with a name too'});
  force = Option.Boolean('-f,--force', {description: 'Do not ask'});
  filter = Option.Array('--filter', {
    description: 'Only images with `KEY=VALUE`: until=24h or a date, label=KEY[=VALUE], label!=',
  });
  volumes = Option.Boolean('--volumes', {
    description: 'Accepted because Docker has it: volumes go with their container',
  });

  async execute(): Promise<number> {
    const filters = parseFilters('prune', this.filter ?? [], pruneFilterKeys);
    const filter = pruneFilter(filters, Date.now());
    const what = this.all ? 'all images that no container uses' : 'all images without a name';
    if (this.force !== true && !(await confirm(`This will remove ${what}.`))) {
      printNote('prune: nothing was removed; -f does not ask');
      return 1;
    }
    const {untagged, deleted, reclaimedBytes} = await pruneImages({all: this.all, filter});
    const lines = [
      ...untagged.map((name) => `untagged: ${oneLine(name)}\n`),
      ...deleted.map((id) => `deleted: ${id}\n`),
    ];
    const head = lines.length > 0 ? `Deleted Images:\n${lines.join('')}\n` : '';
    writeStdout(`${head}Total reclaimed space: ${humanSize(reclaimedBytes)}\n`);
    return 0;
  }
}
