import {
  familiarName,
  type PulledImage,
  parseReference,
  provideImage,
  registryOptions,
  remoteTags,
} from '@minicontainer/engine/images';
import {omissionNotes} from '../../images/omissions.ts';
import {printNote} from '../../output/failure.ts';
import {oneLine} from '../../output/one-line.ts';
import {writeStderr, writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {watched} from '../../progress/watched.ts';
import {PULL_POLICIES, registryAccess} from '../../run/image.ts';
import {RegistryFlags} from './registry-flags.ts';

export class PullCommand extends RegistryFlags {
  static readonly commandName = 'pull';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] IMAGE [IMAGE...]',
    description: 'Fetch images from their registries',
    details: `
IMAGE is NAME[:TAG][@DIGEST], with or without a registry: debian is
docker.io/library/debian:latest. What is here already is not fetched again, and a download that
was interrupted is continued. Prints the id of each image; what else there is to say goes to
stderr.`,
    examples: [
      ['An image of Docker Hub', 'minicontainer pull debian:12'],
      ['All images of a repository', 'minicontainer pull -a localhost:5000/app'],
      ['Its id alone, for another platform', 'minicontainer pull -q --platform linux/arm64 alpine'],
    ],
  };

  allTags = Option.Boolean('-a,--all-tags', {
    description: 'Fetch every tag of the repository IMAGE',
  });
  quiet = Option.Boolean('-q,--quiet', false, {description: 'Print nothing but the image’s id'});
  platform = Option.String('--platform', {
    description: 'Fetch for `OS/ARCH[/VARIANT]`; this machine’s unless said',
  });
  policy = Option.String('--policy', 'always', {
    description: 'Ask the registry by `POLICY`: always (default), missing, newer or never',
  });
  names = Option.Rest({required: 1, name: 'IMAGE'});

  async execute(): Promise<number> {
    const {quiet, platform, names} = this;
    const policy = PULL_POLICIES.find((known) => known === this.policy);
    if (policy === undefined) {
      throw new UsageError('pull', `--policy is ${PULL_POLICIES.join(', ')}, not ${this.policy}`);
    }
    const registry = registryOptions({...registryAccess(this), note: printNote});
    for (const name of this.allTags ? await allTags(names, registry) : names) {
      const pulled = await watched({quiet}, (watching) =>
        provideImage(name, {policy, platform, registry, ...watching}),
      );
      if (!quiet) {
        for (const note of omissionNotes(name, pulled.omissions)) printNote(note);
        writeStderr(statusOf(name, pulled));
      }
      writeStdout(`${pulled.image.id.replace('sha256:', '')}\n`);
    }
    return 0;
  }
}

/** All are looked up before one is fetched. */
async function allTags(
  names: readonly string[],
  registry: Parameters<typeof remoteTags>[1],
): Promise<string[]> {
  const tagged: string[] = [];
  for (const name of names) tagged.push(...(await remoteTags(name, registry)));
  return tagged;
}

/** In Docker's words. */
function statusOf(name: string, {image, isNew}: PulledImage): string {
  const familiar = image.name === undefined ? name : familiarName(parseReference(image.name));
  const what = isNew ? 'Downloaded newer image' : 'Image is up to date';
  return `Digest: ${image.digest}\nStatus: ${what} for ${oneLine(familiar)}\n`;
}
