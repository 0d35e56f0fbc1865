import {Readable} from 'node:stream';
import {MinicontainerError} from '@minicontainer/errors';
import type {Connections} from './connections.ts';
import {isLoopback} from './loopback.ts';
import {networkFailure} from './network-failure.ts';
import {remoteText} from './remote-text.ts';
import {dropBody, headerOf, type Response} from './response.ts';

export interface Request {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the origin of `url` alone: no redirect takes it anywhere else. */
  readonly authorization?: string | undefined;
  /** Makes the body anew for each place that it is sent to. */
  readonly body?: () => Uint8Array | string | AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the answer's first byte; as long as the connection does unless said. */
  readonly answerTimeoutMs?: number | undefined;
  /** Certificates are not looked at, and plain http will do. */
  readonly insecure: boolean;
}

/**
 * Sends a request and follows redirects, by hand: what proves who we are stays with the origin that it
 * was made for, and nothing that began with TLS goes on without.
 *
 * @throws {MinicontainerError} `ENETWORK` without an answer; `EREGISTRY` for redirects that lead nowhere;
 *   the signal's reason when it is aborted
 */
export async function send(connections: Connections, request: Request): Promise<Response> {
  let {url, method} = request;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const response = await sendOnce(connections, {...request, url, method}, request);
    if (!isRedirect(response.status, method)) return response;
    await dropBody(response);
    const next = locationOf(response, request.url.origin, request.insecure);
    if (response.status === 303 && method !== 'HEAD') method = 'GET';
    url = next;
  }
  throw new MinicontainerError(
    'EREGISTRY',
    `${request.url.host} redirects more than ${mostRedirects} times`,
  );
}

const mostRedirects = 10;

function isRedirect(status: number, method: Request['method']): boolean {
  if (status === 307 || status === 308) return true;
  const reads = method === 'GET' || method === 'HEAD';
  // What 301 and 302 make of another method depends on who reads the standard.
  return reads && (status === 301 || status === 302 || status === 303);
}

/**
 * Where an answer sends us: for a redirect, or to go on with an upload.
 *
 * @param asked the origin that was asked first: who began with TLS does not go on without
 * @throws {MinicontainerError} `EREGISTRY` for what is no such place
 */
export function locationOf(response: Response, asked: string, insecure: boolean): URL {
  const location = headerOf(response, 'location') ?? '';
  const base = response.url;
  const target = URL.canParse(location, base.href) ? new URL(location, base) : undefined;
  const scheme = target?.protocol;
  const plain = insecure || (asked.startsWith('http:') && isLoopback(target?.hostname ?? ''));
  if (target === undefined || !(scheme === 'https:' || (scheme === 'http:' && plain))) {
    throw new MinicontainerError(
      'EREGISTRY',
      `${base.host} sends us on to ${remoteText(location) || 'nowhere'}, which is not followed`,
      scheme === 'http:' ? {hint: '--tls-verify=false allows plain HTTP'} : {},
    );
  }
  target.username = '';
  target.password = '';
  target.hash = '';
  return target;
}

async function sendOnce(
  connections: Connections,
  request: Request,
  asked: Request,
): Promise<Response> {
  const {url, method, signal, insecure, answerTimeoutMs} = request;
  signal?.throwIfAborted();
  const dispatcher = await connections.to(url, insecure);
  try {
    const {statusCode, headers, body} = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: headersOf(request, asked),
      body: bodyOf(request),
      signal: signal ?? null,
      ...(answerTimeoutMs === undefined ? {} : {headersTimeout: answerTimeoutMs}),
    });
    return {status: statusCode, url, headers, body};
  } catch (error) {
    signal?.throwIfAborted();
    throw networkFailure(error, url);
  }
}

function headersOf({url, headers, authorization}: Request, asked: Request): Record<string, string> {
  return {
    'user-agent': 'minicontainer',
    // Digests are of the bytes as they are stored: nothing on the way shall compress them.
    'accept-encoding': 'identity',
    ...headers,
    ...(authorization !== undefined && url.origin === asked.url.origin ? {authorization} : {}),
  };
}

function bodyOf({body}: Request) {
  const made = body?.();
  if (made === undefined) return null;
  return typeof made === 'string' || made instanceof Uint8Array ? made : Readable.from(made);
}
