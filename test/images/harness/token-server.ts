import {createPrivateKey, randomUUID, sign, X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {createServer, type Server} from 'node:https';
import type {AddressInfo} from 'node:net';
import {type Authority, issueCertificate} from './certificates.ts';
import {account} from './registry.ts';

/** What somebody has asked for a token. */
export interface TokenRequest {
  readonly method: string;
  readonly scopes: readonly string[];
  /** By Basic, or the name that belongs to a refresh token. */
  readonly user: string | undefined;
}

export const refreshToken = 'a-refresh-token';

/**
 * Gives tokens as the distribution's token specification has it: to the account for all it asks, to
 * nobody for pulling from `public/…` alone.
 */
export class TokenServer implements AsyncDisposable {
  readonly service = 'harbour';
  readonly issuer = 'harbour master';
  readonly requests: TokenRequest[] = [];
  /** Seconds that each token lives; tests shorten it. */
  lifetimeSeconds = 300;

  readonly url: string;
  readonly certificateFile: string;
  readonly #key: string;
  readonly #server: Server;

  constructor(url: string, certificateFile: string, key: string, server: Server) {
    this.url = url;
    this.certificateFile = certificateFile;
    this.#key = key;
    this.#server = server;
  }

  /** Tokens so far. */
  issued = 0;

  answer(method: string, words: URLSearchParams, authorization: string | undefined) {
    const user = userOf(words, authorization);
    const scopes = words.getAll('scope').flatMap((scope) => scope.split(' '));
    this.requests.push({method, scopes, user});
    if (user === 'wrong') return undefined;
    this.issued++;
    const token = this.#sign(scopes, user);
    return {
      token,
      access_token: token,
      expires_in: this.lifetimeSeconds,
      issued_at: new Date().toISOString(),
      ...(words.get('offline_token') === 'true' || words.get('access_type') === 'offline'
        ? {refresh_token: refreshToken}
        : {}),
    };
  }

  #sign(scopes: readonly string[], user: string | undefined): string {
    const now = Math.floor(Date.now() / 1000);
    const header = {
      typ: 'JWT',
      alg: 'ES256',
      x5c: [new X509Certificate(readFileSync(this.certificateFile)).raw.toString('base64')],
    };
    const claims = {
      ...{iss: this.issuer, sub: user ?? '', aud: this.service, jti: randomUUID()},
      ...{iat: now, nbf: now - 5, exp: now + this.lifetimeSeconds},
      access: scopes.flatMap((scope) => granted(scope, user)),
    };
    const text = [header, claims].map((part) => encode(JSON.stringify(part))).join('.');
    const signature = sign('sha256', Buffer.from(text), {
      key: createPrivateKey(this.#key),
      dsaEncoding: 'ieee-p1363',
    });
    return `${text}.${signature.toString('base64url')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export async function startTokenServer(
  directory: string,
  authority: Authority,
): Promise<TokenServer> {
  const files = issueCertificate(directory, authority, 'tokens');
  const key = readFileSync(files.keyFile, 'utf8');
  const server = createServer({key, cert: readFileSync(files.certificateFile)});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const tokens = new TokenServer(
    `https://localhost:${port}/token`,
    files.certificateFile,
    key,
    server,
  );
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const query = new URL(request.url ?? '/', tokens.url).searchParams;
    const body = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const words = new URLSearchParams([...query, ...body]);
    const answer = tokens.answer(request.method ?? '', words, request.headers.authorization);
    response.writeHead(answer === undefined ? 401 : 200, {'content-type': 'application/json'});
    const refusal = {errors: [{code: 'UNAUTHORIZED', message: 'the harbour master knows you not'}]};
    response.end(JSON.stringify(answer ?? refusal));
  });
  return tokens;
}

/** `wrong` for who is not who they say. */
function userOf(words: URLSearchParams, authorization: string | undefined): string | undefined {
  if (words.get('grant_type') === 'refresh_token') {
    return words.get('refresh_token') === refreshToken ? account.user : 'wrong';
  }
  const basic =
    words.get('grant_type') === 'password'
      ? `${words.get('username')}:${words.get('password')}`
      : decodeBasic(authorization);
  if (basic === undefined) return undefined;
  return basic === `${account.user}:${account.password}` ? account.user : 'wrong';
}

function decodeBasic(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  return scheme?.toLowerCase() === 'basic' && value !== undefined
    ? Buffer.from(value, 'base64').toString('utf8')
    : undefined;
}

function granted(scope: string, user: string | undefined) {
  const [, type, name = '', wanted = ''] = /^([a-z]+):(.+):([a-z*,]*)$/.exec(scope) ?? [];
  if (type === undefined) return [];
  const actions = wanted.split(',');
  const allowed =
    user !== undefined
      ? actions
      : actions.filter((action) => action === 'pull' && name.startsWith('public/'));
  return [{type, name, actions: allowed}];
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
