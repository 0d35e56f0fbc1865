import {writeFileSync} from 'node:fs';
import {
  namesInRepository,
  type PushedImage,
  pushImage,
  registryOptions,
} from '@minicontainer/engine/images';
import {MinicontainerError} from '@minicontainer/errors';
import {printNote} from '../../output/failure.ts';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {pushWords} from '../../progress/line.ts';
import {watched} from '../../progress/watched.ts';
import {RegistryFlags} from './registry-flags.ts';

export class PushCommand extends RegistryFlags {
  static readonly commandName = 'push';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] IMAGE [DESTINATION]',
    description: 'Bring an image to a registry',
    details: `
IMAGE goes where its name says, or to DESTINATION. What the registry has is not sent again. The
last line says the digest that it has there.`,
    examples: [
      ['To where its name says', 'minicontainer push localhost:5000/app:1'],
      ['Under another name', 'minicontainer push debian:12 localhost:5000/debian:12'],
    ],
  };

  allTags = Option.Boolean('-a,--all-tags', {
    description: 'Push every tag that is here of the repository IMAGE',
  });
  allPlatforms = Option.Boolean('--all-platforms', {
    description: 'Push an index with all of its images, which must be here, not one image',
  });
  quiet = Option.Boolean('-q,--quiet', {description: 'Print nothing but the name'});
  digestfile = Option.String('--digestfile', {
    description: 'Write the digest to this `FILE` too',
  });
  image = Option.String({name: 'IMAGE'});
  destination = Option.String({required: false, name: 'DESTINATION'});

  async execute(): Promise<number> {
    const {image, destination} = this;
    if (this.allTags !== true) return this.#push(image, destination);
    if (destination !== undefined) {
      throw new UsageError(
        'push',
        '--all-tags pushes to where the names say, and a destination is given',
      );
    }
    for (const name of namesInRepository(image)) await this.#push(name, undefined);
    return 0;
  }

  async #push(source: string, destination: string | undefined): Promise<number> {
    const {tlsVerify, creds, certDir, authfile: authFile, allPlatforms} = this;
    const registry = registryOptions({tlsVerify, creds, certDir, authFile, note: printNote});
    const pushed = await watched({quiet: this.quiet === true, words: pushWords}, (watching) =>
      pushImage(source, destination, {registry, allPlatforms, ...watching}),
    );
    this.#keepDigest(pushed);
    writeStdout(
      this.quiet === true
        ? `${pushed.name}\n`
        : `${pushed.name}: digest: ${pushed.digest} size: ${pushed.size}\n`,
    );
    return 0;
  }

  #keepDigest({digest}: PushedImage): void {
    if (this.digestfile === undefined) return;
    try {
      writeFileSync(this.digestfile, digest);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : error;
      throw new MinicontainerError('ESTDOUT', `cannot write ${this.digestfile}: ${code}`, {
        cause: error,
      });
    }
  }
}
