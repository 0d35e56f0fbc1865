import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

const startTimeoutMs = 60_000;

/** A package registry on loopback: ours are only here, all others come from npm's. */
export class Registry {
  readonly url: string;
  readonly #directory: string;
  readonly #process: ChildProcess;

  private constructor(url: string, directory: string, child: ChildProcess) {
    this.url = url;
    this.#directory = directory;
    this.#process = child;
  }

  static async start(): Promise<Registry> {
    const directory = mkdtempSync(join(tmpdir(), 'minicontainer-registry-'));
    const port = await freePort();
    writeFileSync(join(directory, 'config.yaml'), configuration());
    const log = openSync(join(directory, 'log'), 'w');
    const child = spawn(
      process.execPath,
      [verdaccio(), '-c', join(directory, 'config.yaml'), '-l', `127.0.0.1:${port}`],
      {cwd: directory, stdio: ['ignore', log, log]},
    );
    const registry = new Registry(`http://127.0.0.1:${port}/`, directory, child);
    await registry.#answering();
    return registry;
  }

  /** The tarball that clients were given for `resolved`, an address in a lockfile of theirs. */
  tarball(resolved: string): string {
    const [name = '', file = ''] = new URL(resolved).pathname.slice(1).split('/-/');
    return join(this.#directory, 'storage', decodeURIComponent(name), file);
  }

  /** A tarball of ours, by name and version. */
  published(name: string, version: string): string {
    return join(
      this.#directory,
      'storage',
      name,
      `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`,
    );
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    rmSync(this.#directory, {recursive: true, force: true});
  }

  async #answering(): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    while (Date.now() < deadline && this.#process.exitCode === null) {
      const answer = await fetch(`${this.url}-/ping`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(100);
    }
    const log = readFileSync(join(this.#directory, 'log'), 'utf8');
    await this.stop();
    throw new Error(`verdaccio does not answer:\n${log}`);
  }
}

function configuration(): string {
  const uplink = execFileSync('npm', ['config', 'get', 'registry'], {encoding: 'utf8'}).trim();
  return `
storage: ./storage
auth: {htpasswd: {file: ./htpasswd, max_users: 10}}
uplinks: {npm: {url: '${uplink}', timeout: 60s, max_fails: 10, cache: true}}
packages:
  '@minicontainer/*': {access: $all, publish: $all, unpublish: $all}
  '**': {access: $all, proxy: npm}
max_body_size: 50mb
log: {type: stdout, format: pretty, level: warn}
`;
}

function verdaccio(): string {
  return join(import.meta.dirname, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port on loopback');
  return address.port;
}
