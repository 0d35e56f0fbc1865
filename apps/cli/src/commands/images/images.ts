import {listImages} from '@minicontainer/engine/images';
import {filterImages, imageFilterKeys} from '../../images/image-filter.ts';
import {imageHeaders, imageLine, imageRow, newestFirst} from '../../images/image-rows.ts';
import {printResult} from '../../images/print-result.ts';
import {parseFilters} from '../../listing/filters.ts';
import {renderListing} from '../../listing/listing.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';

export class ImagesCommand extends ProgramCommand {
  static readonly commandName = 'images';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] [REPOSITORY[:TAG]]',
    description: 'List the images that are here',
    details: `
A line for each name, the newest image first; <none> for what lost its name to another image. SIZE
is that of its layers without compression: minicontainer df has what it takes of this disk.`,
    examples: [
      ['All of them', 'minicontainer images'],
      ['Those whose repository begins so', 'minicontainer images deb*'],
      ['Ids of those without a name', 'minicontainer images -q --filter dangling=true'],
    ],
  };

  all = Option.Boolean('-a,--all', {
    description: 'Show all: always so, and accepted because Docker has it',
  });
  digests = Option.Boolean('--digests', {description: 'Show digests, as they were pulled'});
  filter = Option.Array('-f,--filter', {
    description:
      'Only those with `KEY=VALUE`: dangling=true, reference=PATTERN, label=, before=, since=, until=',
  });
  format = Option.String('--format', {
    description: 'Print as `FORMAT`: table, json, a template, or table and a template',
  });
  noTrunc = Option.Boolean('--no-trunc', false, {description: 'Print ids and digests in full'});
  quiet = Option.Boolean('-q,--quiet', {description: 'Print ids alone'});
  name = Option.String({required: false, name: 'REPOSITORY'});

  async execute(): Promise<number> {
    const now = Date.now();
    const {name, digests = false, noTrunc} = this;
    const given = [...(this.filter ?? []), ...(name === undefined ? [] : [`reference=${name}`])];
    const filters = parseFilters('images', given, imageFilterKeys);
    const listings = newestFirst(filterImages(listImages(), filters, now));
    const listing = {
      headers: imageHeaders,
      line: imageLine(digests),
      rows: listings.map((image) => imageRow(image, {noTrunc, now})),
    };
    printResult(renderListing(listing, this.format ?? (this.quiet ? '{{.ID}}' : undefined)));
    return 0;
  }
}
