import type {IncomingHttpHeaders} from 'node:http';
import type {Dispatcher} from 'undici';
import {networkFailure} from './network-failure.ts';
import {TransientFailure} from './transient-failure.ts';

/** An answer whose body is still to be read, or to be dropped. */
export interface Response {
  readonly status: number;
  /** Who answered: after redirects another one than was asked. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Dispatcher.ResponseData['body'];
}

/** One header; of several of one name the first. */
export function headerOf({headers}: Response, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Leaves a body unread, so that its connection can be used again or is closed. */
export async function dropBody({body}: Response): Promise<void> {
  try {
    await body.dump({limit: 64 * 1024, signal: AbortSignal.timeout(5000)});
  } catch {
    body.destroy();
  }
}

/**
 * Reads a body that is to be short: as a whole, in bounded time.
 *
 * @returns undefined when it is longer than `limit` bytes
 * @throws {TransientFailure} when it ends too early, or takes longer than `timeoutMs`
 */
export async function readShortBody(
  {body, url}: Response,
  limit: number,
  timeoutMs: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection's own timeout starts anew with each byte.
  const timer = setTimeout(() => body.destroy(tooSlow(url)), timeoutMs);
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > limit) return undefined;
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkFailure(error, url);
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}

function tooSlow(url: URL): TransientFailure {
  return new TransientFailure('ENETWORK', `${url.host} takes too long to send its answer`);
}
