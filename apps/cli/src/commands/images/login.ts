import {readFileSync} from 'node:fs';
import {loggedInUser, logIn} from '@minicontainer/engine/images';
import {MinicontainerError} from '@minicontainer/errors';
import {printNote} from '../../output/failure.ts';
import {writeStdout} from '../../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../../program/command.ts';
import {UsageError} from '../../program/usage.ts';
import {askAtTerminal} from '../../terminal/ask.ts';

export class LoginCommand extends ProgramCommand {
  static readonly commandName = 'login';
  static readonly flagsAnywhere = true;
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] [REGISTRY]',
    description: 'Log in to a registry, and stay so',
    details: `
REGISTRY is HOST[:PORT], docker.io unless said; with a namespace (quay.io/team) the login is for
what is below it. User and password are asked for at the terminal where no flag says them, tried,
and kept where podman and Docker look too: in $REGISTRY_AUTH_FILE,
$XDG_RUNTIME_DIR/containers/auth.json or ~/.config/containers/auth.json, or with the helper that
Docker's configuration names.`,
    examples: [
      ['Asks for user and password', 'minicontainer login quay.io'],
      [
        'Reads the password from a file',
        'minicontainer login -u me --password-stdin localhost:5000 <password.txt',
      ],
    ],
  };

  username = Option.String('-u,--username', {description: 'Log in as `USER`'});
  password = Option.String('-p,--password', {
    description: 'With this `PASSWORD`; other users of this machine can see it meanwhile',
  });
  passwordStdin = Option.Boolean('--password-stdin', {
    description: 'Read the password from standard input',
  });
  getLogin = Option.Boolean('--get-login', {
    description: 'Print who is logged in, and do nothing else',
  });
  authfile = Option.String('--authfile', {
    description: 'Keep it in this `FILE`; REGISTRY_AUTH_FILE unless said',
  });
  tlsVerify = Option.Boolean('--tls-verify', {
    description: 'Ask for https and a certificate that is right: =false also allows plain http',
  });
  certDir = Option.String('--cert-dir', {
    description: 'Trust and show the certificates in `DIR`: *.crt, *.cert with *.key',
  });
  registry = Option.String({required: false, name: 'REGISTRY'});

  async execute(): Promise<number> {
    const {registry = 'docker.io', tlsVerify, certDir, authfile: authFile} = this;
    if (this.getLogin === true) return this.#printUser(registry);
    const user = {username: await this.#username(), password: await this.#password()};
    const {key, place} = await logIn(registry, {
      ...{user, tlsVerify, certDir, authFile},
      note: printNote,
    });
    writeStdout(`Login succeeded: ${user.username} at ${key}, kept in ${place}\n`);
    return 0;
  }

  async #printUser(registry: string): Promise<number> {
    const user = await loggedInUser(registry, {authFile: this.authfile});
    if (user === undefined) {
      throw new MinicontainerError('EAUTH', `nobody is logged in to ${registry}`, {
        hint: `minicontainer login ${registry}`,
      });
    }
    writeStdout(`${user}\n`);
    return 0;
  }

  async #username(): Promise<string> {
    const username = this.username ?? (await askAtTerminal('Username: '));
    if (username === undefined) {
      throw new UsageError(
        'login',
        'there is no terminal to ask for the user',
        'give it by -u USER',
      );
    }
    if (username === '') throw new UsageError('login', 'the user is empty');
    return username;
  }

  async #password(): Promise<string> {
    if (this.passwordStdin === true && this.password !== undefined) {
      throw new UsageError('login', '--password and --password-stdin are given both');
    }
    if (this.password !== undefined) {
      printNote('--password shows it to other users of this machine: --password-stdin does not');
    }
    const password =
      this.password ??
      (this.passwordStdin === true
        ? readFileSync(0, 'utf8').replace(/\r?\n$/, '')
        : await askAtTerminal('Password: ', {secret: true}));
    if (password === undefined) {
      throw new UsageError(
        'login',
        'there is no terminal to ask for the password',
        'give it by --password-stdin',
      );
    }
    if (password === '') throw new UsageError('login', 'the password is empty');
    return password;
  }
}
