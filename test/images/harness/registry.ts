import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Authority, issueCertificate, makeAuthority} from './certificates.ts';
import {freePort} from './ports.ts';
import {startTokenServer, type TokenServer} from './token-server.ts';

export interface RegistryOptions {
  /** `basic`: user and password, over TLS. `bearer`: tokens of a server of its own, both over TLS. */
  readonly auth?: 'basic' | 'bearer';
  /** TLS without asking who is there. */
  readonly tls?: boolean;
  /** A directory of blobs and repositories that is there already, and may belong to others too. */
  readonly storage?: string;
  readonly readOnly?: boolean;
}

/** One request that the registry has answered. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Who may do everything. */
export const account = {user: 'captain', password: 'correct horse: battery'} as const;
/** Of the password above; the registry knows bcrypt alone. */
const htpasswd = '$2b$05$abcdefghijklmnopqrstuuo.EtZwHYN4TBb5Jt4JZsHk5MDJevH0W';
const startMs = 10_000;

/** Debian's docker-registry on a free port of loopback, until it is disposed of. */
export class Registry implements AsyncDisposable {
  /** As image names begin: `localhost:5000`. */
  readonly host: string;
  readonly authority: Authority | undefined;
  readonly tokens: TokenServer | undefined;
  /** What skopeo and others take as `--cert-dir`. */
  readonly certificates: string;
  readonly #directory: string;
  readonly #process: ReturnType<typeof spawn>;

  static async start(options: RegistryOptions = {}): Promise<Registry> {
    const directory = mkdtempSync(join(tmpdir(), 'minicontainer-registry-'));
    // Its certificate is for plain users too.
    chmodSync(directory, 0o711);
    const secure = options.tls === true || options.auth !== undefined;
    const authority = secure ? makeAuthority(directory) : undefined;
    if (authority !== undefined) {
      mkdirSync(join(directory, 'certificates'));
      copyFileSync(authority.certificateFile, join(directory, 'certificates/ca.crt'));
    }
    const tokens =
      options.auth === 'bearer' && authority !== undefined
        ? await startTokenServer(directory, authority)
        : undefined;
    const port = await freePort();
    const settings = join(directory, 'config.json');
    writeFileSync(
      settings,
      JSON.stringify(configuration(options, port, directory, authority, tokens)),
    );
    const log = spawn('docker-registry', ['serve', settings], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {PATH: process.env.PATH, OTEL_TRACES_EXPORTER: 'none'},
    });
    const registry = new Registry(log, `localhost:${port}`, directory, authority, tokens);
    await registry.#answers(port);
    return registry;
  }

  private constructor(
    child: ReturnType<typeof spawn>,
    host: string,
    directory: string,
    authority: Authority | undefined,
    tokens: TokenServer | undefined,
  ) {
    this.#process = child;
    this.host = host;
    this.#directory = directory;
    this.certificates = join(directory, 'certificates');
    this.authority = authority;
    this.tokens = tokens;
    child.stdout?.on('data', (chunk: Buffer) => this.#log.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#said.push(chunk));
  }

  readonly #log: Buffer[] = [];
  readonly #said: Buffer[] = [];

  /** All so far, by its access log. */
  get requests(): readonly Answered[] {
    const line = /"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d+)/;
    return Buffer.concat(this.#log)
      .toString('utf8')
      .split('\n')
      .flatMap((text) => {
        const [, method = '', path = '', status] = line.exec(text) ?? [];
        return status === undefined ? [] : [{method, path, status: Number(status)}];
      });
  }

  /** How often each blob was sent, by digest. */
  get fetchedBlobs(): ReadonlyMap<string, number> {
    const times = new Map<string, number>();
    for (const {method, path, status} of this.requests) {
      const [, digest] = /\/blobs\/(sha256:[0-9a-f]{64})$/.exec(path) ?? [];
      if (method !== 'GET' || digest === undefined || status >= 300) continue;
      times.set(digest, (times.get(digest) ?? 0) + 1);
    }
    return times;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tokens?.[Symbol.asyncDispose]();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#directory, {recursive: true, force: true});
  }

  async #answers(port: number): Promise<void> {
    for (const end = Date.now() + startMs; Date.now() < end; await sleep(20)) {
      if (this.#process.exitCode !== null) break;
      if (await accepts(port)) return;
    }
    await this[Symbol.asyncDispose]();
    throw new Error(`docker-registry did not start: ${Buffer.concat(this.#said)}`);
  }
}

function configuration(
  {auth, storage, readOnly = false}: RegistryOptions,
  port: number,
  directory: string,
  authority: Authority | undefined,
  tokens: TokenServer | undefined,
) {
  if (auth === 'basic') {
    writeFileSync(join(directory, 'htpasswd'), `${account.user}:${htpasswd}\n`);
  }
  const certificate =
    authority === undefined ? undefined : issueCertificate(directory, authority, 'registry');
  return {
    version: '0.1',
    log: {level: 'error', accesslog: {disabled: false}},
    storage: {
      filesystem: {rootdirectory: storage ?? join(directory, 'storage')},
      delete: {enabled: true},
      // Its own cleaning would be a writer of a storage that others have as well.
      maintenance: {uploadpurging: {enabled: false}, readonly: {enabled: readOnly}},
    },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(certificate === undefined
        ? {}
        : {tls: {certificate: certificate.certificateFile, key: certificate.keyFile}}),
    },
    ...(auth === 'basic'
      ? {auth: {htpasswd: {realm: 'the harbour', path: join(directory, 'htpasswd')}}}
      : {}),
    ...(tokens === undefined
      ? {}
      : {
          auth: {
            token: {
              realm: tokens.url,
              service: tokens.service,
              issuer: tokens.issuer,
              rootcertbundle: tokens.certificateFile,
            },
          },
        }),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** What a file of its storage holds; for tests that alter one. */
export function storedBlob(storage: string, digest: string): string {
  const [, hex = ''] = digest.split(':');
  return join(storage, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
}

export function readStoredBlob(storage: string, digest: string): Buffer {
  return readFileSync(storedBlob(storage, digest));
}
