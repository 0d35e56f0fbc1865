import {MinicontainerError} from '@minicontainer/errors';
import {type CommandHelp, Option} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {RegistryFlags} from './registry-flags.ts';

export class PullCommand extends RegistryFlags {
  static readonly commandName = 'pull';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] IMAGE [IMAGE...]',
    description: 'Fetch images from their registries',
    details: `
IMAGE is NAME[:TAG][@DIGEST], with or without a registry: debian is docker.io/library/debian:latest.
What is here already is not fetched again, and a download that was interrupted is continued.`,
    examples: [
      ['An image of Docker Hub', 'minicontainer pull debian:12'],
      ['Its id alone, for another platform', 'minicontainer pull -q --platform linux/arm64 alpine'],
    ],
  };

  allTags = Option.Boolean('-a,--all-tags', {description: 'Fetch every tag of the repository'});
  quiet = Option.Boolean('-q,--quiet', {description: 'Print nothing but the image’s id'});
  platform = Option.String('--platform', {
    description: 'Fetch for `OS/ARCH[/VARIANT]`; this machine’s unless said',
  });
  policy = Option.String('--policy', 'always', {
    description: 'Ask the registry by `POLICY`: always (default), missing, newer or never',
  });
  names = Option.Rest({required: 1, name: 'IMAGE'});

  async execute(): Promise<number> {
    const {policy} = this;
    if (!['always', 'missing', 'newer', 'never'].includes(policy)) {
      throw new UsageError('pull', `--policy is always, missing, newer or never, not ${policy}`);
    }
    throw new MinicontainerError('EIMAGE', 'pull: the registry client is not part of this build');
  }
}
