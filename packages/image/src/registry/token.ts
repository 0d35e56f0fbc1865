import {MinicontainerError} from '@minicontainer/errors';
import type {Credentials} from '../credentials/credentials.ts';
import type {Connections} from './connections.ts';
import {isLoopback} from './loopback.ts';
import {registryWords} from './registry-words.ts';
import {remoteText} from './remote-text.ts';
import {headerOf, type Response, readShortBody} from './response.ts';
import {isWorthRetrying, parseRetryAfter} from './retry.ts';
import {TransientFailure} from './transient-failure.ts';
import {type Request, send} from './transport.ts';

/** What a registry accepts instead of a password, for some scopes and some time. */
export interface Token {
  readonly value: string;
  /** In milliseconds, as `Date.now()` has it. */
  readonly expires: number;
}

export interface TokenRequest {
  /** Who sent us there: `docker.io`. */
  readonly registry: string;
  /** The challenge's: the token server's address, and what it knows the registry by. */
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly credentials: Credentials | undefined;
  readonly insecure: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Gets a token from a registry's token server: by GET with a password or as nobody, by POST with an
 * identity token.
 *
 * @throws {MinicontainerError} `EAUTH` when it refuses the credentials, or is not asked because it would
 *   read them in plain HTTP; `EREGISTRY` for any other answer without a token
 * @see distribution, "Token Authentication Specification" and "Oauth2 Token Authentication"
 */
export async function fetchToken(connections: Connections, asked: TokenRequest): Promise<Token> {
  const realm = realmOf(asked);
  const response = await send(connections, tokenRequest(realm, asked));
  const body = (await readShortBody(response, longestAnswer, asked.timeoutMs))?.toString() ?? '';
  if (response.status !== 200) throw refusal(response, body, realm, asked);
  return readToken(body, realm);
}

const longestAnswer = 1024 * 1024;

function realmOf({realm, registry, insecure}: TokenRequest): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const plain = url?.protocol === 'http:' && (insecure || isLoopback(url.hostname));
  if (url === undefined || !(url.protocol === 'https:' || plain)) {
    throw new MinicontainerError(
      'EAUTH',
      `${registry} sends us to ${remoteText(realm) || 'nowhere'} for a token, which is not asked`,
      url?.protocol === 'http:'
        ? {
            hint: 'what proves who you are would be readable on the way: --tls-verify=false allows it',
          }
        : {},
    );
  }
  url.username = '';
  url.password = '';
  return url;
}

function tokenRequest(realm: URL, asked: TokenRequest): Request {
  const {service, scopes, credentials, insecure, signal} = asked;
  if (credentials?.kind === 'identity-token') {
    const form = new URLSearchParams({
      ...(service === undefined ? {} : {service}),
      grant_type: 'refresh_token',
      client_id: 'minicontainer',
      refresh_token: credentials.token,
      ...(scopes.length === 0 ? {} : {scope: scopes.join(' ')}),
    });
    const headers = {'content-type': 'application/x-www-form-urlencoded'};
    return {method: 'POST', url: realm, headers, body: () => form.toString(), insecure, signal};
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.append('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credentials !== undefined) url.searchParams.append('account', credentials.username);
  const authorization = credentials && basicAuthorization(credentials);
  return {method: 'GET', url, authorization, insecure, signal};
}

export function basicAuthorization({
  username,
  password,
}: Extract<Credentials, {kind: 'password'}>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function readToken(body: string, realm: URL): Token {
  const answer = parseObject(body);
  const value = [answer.token, answer.access_token].find(
    (field) => typeof field === 'string' && field !== '',
  );
  // It becomes a header.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new MinicontainerError('EREGISTRY', `the token server ${realm.host} sends no token`);
  }
  const seconds = typeof answer.expires_in === 'number' ? answer.expires_in : 0;
  // Less than a minute is taken for one, as distribution's specification has it.
  return {value, expires: Date.now() + Math.max(60, Math.min(seconds, 86_400)) * 1000};
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? {...answer} : {};
  } catch {
    return {};
  }
}

function refusal(
  response: Response,
  body: string,
  realm: URL,
  {registry, credentials}: TokenRequest,
): MinicontainerError {
  const {status} = response;
  const words = registryWords(body);
  const said = `${words === '' ? '' : `: ${words}`} (${status})`;
  if (status === 401 || status === 403 || (status === 400 && credentials !== undefined)) {
    const what = credentials === undefined ? 'gives nobody a token' : 'refuses the credentials';
    return new MinicontainerError('EAUTH', `${realm.host} ${what} for ${registry}${said}`, {
      hint: `minicontainer login ${registry}`,
    });
  }
  const message = `the token server ${realm.host} of ${registry} answered ${status}${words === '' ? '' : `: ${words}`}`;
  if (!isWorthRetrying(status)) return new MinicontainerError('EREGISTRY', message);
  const retryAfterMs = parseRetryAfter(headerOf(response, 'retry-after'), Date.now());
  return new TransientFailure(
    'EREGISTRY',
    message,
    retryAfterMs === undefined ? {} : {retryAfterMs},
  );
}
