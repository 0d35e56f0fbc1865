import {logOut, logOutEverywhere} from '@minicontainer/engine/images';
import {MinicontainerError} from '@minicontainer/errors';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';

export class LogoutCommand extends ProgramCommand {
  static readonly commandName = 'logout';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] [REGISTRY]',
    description: 'Forget what login has kept for a registry',
    details: `
REGISTRY is as login has it, docker.io unless said. It is forgotten wherever minicontainer would
find it, also where podman or Docker have put it.`,
    examples: [
      ['One registry', 'minicontainer logout quay.io'],
      ['All of them', 'minicontainer logout --all'],
    ],
  };

  all = Option.Boolean('-a,--all', {description: 'Log out of every registry'});
  authfile = Option.String('--authfile', {
    description: 'Forget what is in this `FILE` alone; REGISTRY_AUTH_FILE unless said',
  });
  registry = Option.String({required: false, name: 'REGISTRY'});

  async execute(): Promise<number> {
    const {registry, authfile: authFile} = this;
    if (this.all === true) {
      if (registry !== undefined) throw new UsageError('logout', '--all is for no one registry');
      for (const key of await logOutEverywhere({authFile})) writeStdout(`Logged out of ${key}\n`);
      return 0;
    }
    const where = registry ?? 'docker.io';
    const places = await logOut(where, {authFile});
    if (places.length === 0) {
      throw new MinicontainerError('EAUTH', `nobody is logged in to ${where}`);
    }
    for (const place of places) writeStdout(`Logged out of ${where}, in ${place}\n`);
    return 0;
  }
}
