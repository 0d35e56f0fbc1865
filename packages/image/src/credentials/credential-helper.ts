import {spawn} from 'node:child_process';
import {MinicontainerError} from '@minicontainer/errors';
import {dockerHubKey} from './auth-keys.ts';
import {type Credentials, passwordOrToken, userAndSecret} from './credentials.ts';

/**
 * A program `docker-credential-NAME`, which keeps credentials where the system keeps secrets. It reads what
 * it is asked on its stdin: secrets stand in no command line.
 *
 * @see docker/docker-credential-helpers
 */
export class CredentialHelper {
  readonly program: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @throws {MinicontainerError} `ECONFIG` for a name that is none */
  constructor(name: string, env: NodeJS.ProcessEnv) {
    // A file tells which program to run: one of this kind, found by PATH.
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
      throw new MinicontainerError('ECONFIG', `${JSON.stringify(name)} names no credential helper`);
    }
    this.program = `docker-credential-${name}`;
    this.#env = env;
  }

  /** @returns undefined when it knows none */
  async get(key: string): Promise<Credentials | undefined> {
    for (const server of serversFor(key)) {
      const {code, stdout} = await this.#run('get', server);
      // What it does not find it says on stdout, in words that differ.
      if (code !== 0) {
        if (/not found|no credentials/i.test(stdout)) continue;
        throw this.#failed('get', code);
      }
      const found = readAnswer(stdout);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async store(key: string, credentials: Credentials): Promise<void> {
    const {username, secret} = userAndSecret(credentials);
    const [server = key] = serversFor(key);
    const words = JSON.stringify({ServerURL: server, Username: username, Secret: secret});
    const {code} = await this.#run('store', words);
    if (code !== 0) throw this.#failed('store', code);
  }

  async erase(key: string): Promise<void> {
    for (const server of serversFor(key)) await this.#run('erase', server);
  }

  #run(action: 'get' | 'store' | 'erase', input: string): Promise<{code: number; stdout: string}> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.program, [action], {
        env: this.#env,
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: timeoutMs,
      });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (stdout.length > longestAnswer) child.kill();
      });
      child.once('error', (error) => reject(this.#missing(error)));
      child.once('close', (code) => resolve({code: code ?? 1, stdout}));
      // It may end before it has read all.
      child.stdin.on('error', () => {});
      child.stdin.end(input);
    });
  }

  #failed(action: string, code: number): MinicontainerError {
    return new MinicontainerError('EAUTH', `${this.program} ${action} failed with ${code}`, {
      hint: 'see what it says when you call it by hand',
    });
  }

  #missing(cause: Error): MinicontainerError {
    const code = 'code' in cause ? cause.code : cause.message;
    return new MinicontainerError('EAUTH', `cannot run ${this.program}: ${code}`, {
      hint: 'install it, or take credsStore and credHelpers out of the file that names it',
      cause,
    });
  }
}

// Some ask a person, at a window, for the password of their store.
const timeoutMs = 120_000;
const longestAnswer = 1024 * 1024;

/** Docker Hub has the name that Docker gave it, and the one that podman does. */
function serversFor(key: string): string[] {
  return key === 'docker.io' ? [dockerHubKey, key] : [key];
}

function readAnswer(text: string): Credentials | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null) return undefined;
  if (!('Username' in answer) || !('Secret' in answer)) return undefined;
  const {Username: username, Secret: secret} = answer;
  if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return undefined;
  return passwordOrToken(username, secret);
}
