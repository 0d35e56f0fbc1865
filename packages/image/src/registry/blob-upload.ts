import type {Descriptor} from '../manifest/descriptor.ts';
import {pauseAfter} from './attempts.ts';
import {parseUploadRange} from './blob-range.ts';
import type {RepositoryHost} from './host.ts';
import {dropBody, headerOf, type Response} from './response.ts';
import type {Scope} from './scope.ts';
import {TransientFailure} from './transient-failure.ts';
import {locationOf} from './transport.ts';

export interface UploadOptions {
  /** Has the blob's bytes, verified, each time anew. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Another repository of the same registry that has it: it need not be sent then. */
  readonly mountFrom?: string | undefined;
  /** Is told how many bytes have been sent. */
  readonly sent?: (bytes: number) => void;
}

/**
 * Brings a blob to a registry, if it is not there: by its name from another repository, else its bytes.
 * An upload that is cut goes on where the registry says that it is.
 *
 * @throws {MinicontainerError} as `RepositoryHost.request`; `EAUTH` and `EREGISTRY` for answers that refuse
 *   it; what `open` throws
 * @see distribution-spec, "Pushing blobs"
 */
export async function uploadBlob(
  host: RepositoryHost,
  descriptor: Descriptor,
  options: UploadOptions,
): Promise<'exists' | 'mounted' | 'uploaded'> {
  const upload = new Upload(host, descriptor, options);
  const {retry, signal} = host.session;
  for (let failures = 1; ; failures += 1) {
    try {
      return await upload.advance();
    } catch (error) {
      if (upload.hasProgressed()) failures = 1;
      await pauseAfter(error, failures, retry, signal);
    }
  }
}

class Upload {
  readonly #host: RepositoryHost;
  readonly #descriptor: Descriptor;
  readonly #options: UploadOptions;
  #isMissing = false;
  /** Where to go on; undefined before an upload has begun, and after one that is lost. */
  #location: URL | undefined;
  /** How much the registry has. */
  #position = 0;
  #positionBefore = 0;
  /** What its blob was cut off with may have made the registry's count wrong: once, all anew. */
  #hasRestarted = false;

  constructor(host: RepositoryHost, descriptor: Descriptor, options: UploadOptions) {
    this.#host = host;
    this.#descriptor = descriptor;
    this.#options = options;
  }

  /** From wherever it stands to the end. */
  async advance(): Promise<'exists' | 'mounted' | 'uploaded'> {
    if (!this.#isMissing && (await this.#exists())) return 'exists';
    this.#isMissing = true;
    if (this.#location === undefined) {
      if ((await this.#begin()) === 'mounted') return 'mounted';
    } else {
      await this.#askPosition();
    }
    await this.#send();
    await this.#finish();
    return 'uploaded';
  }

  /** Whether more has arrived since it was last asked. */
  hasProgressed(): boolean {
    const progressed = this.#position > this.#positionBefore;
    this.#positionBefore = this.#position;
    return progressed;
  }

  async #exists(): Promise<boolean> {
    const response = await this.#request('HEAD', `/blobs/${this.#descriptor.digest}`);
    await dropBody(response);
    // Whatever else it says, the upload will tell more: an answer to HEAD has no text.
    return response.status === 200;
  }

  async #begin(): Promise<'mounted' | 'begun'> {
    const {digest} = this.#descriptor;
    const {mountFrom} = this.#options;
    this.#position = 0;
    if (mountFrom !== undefined) {
      const query = new URLSearchParams({mount: digest, from: mountFrom});
      const also: Scope = {repository: mountFrom, actions: ['pull']};
      const response = await this.#request('POST', `/blobs/uploads/?${query}`, {scopes: [also]});
      await dropBody(response);
      if (response.status === 201) return 'mounted';
      if (response.status === 202) {
        await this.#goTo(response);
        return 'begun';
      }
      // Whoever may not read there may still write here.
    }
    const response = await this.#request('POST', '/blobs/uploads/');
    if (response.status !== 202) throw await this.#failure(response);
    await dropBody(response);
    await this.#goTo(response);
    return 'begun';
  }

  async #askPosition(): Promise<void> {
    const response = await this.#request('GET', this.#location ?? '');
    await dropBody(response);
    const position = parseUploadRange(headerOf(response, 'range'));
    if (response.status !== 204 || position === undefined || position > this.#descriptor.size) {
      await this.#begin();
      return;
    }
    this.#position = position;
    await this.#goTo(response);
  }

  async #send(): Promise<void> {
    const {size} = this.#descriptor;
    const from = this.#position;
    if (from === size && size > 0) return;
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(size - from),
      // The first time as Docker and podman send it, which every registry knows.
      ...(from > 0 ? {'content-range': `${from}-${size - 1}`} : {}),
    };
    let broken: unknown;
    const bytes = () =>
      this.#bytesFrom(from, (error) => {
        broken = error;
      });
    let response: Response;
    try {
      response = await this.#request('PATCH', this.#location ?? '', {headers, body: bytes});
    } catch (error) {
      // What is wrong with our own bytes is no fault of the network.
      throw broken ?? error;
    }
    if (response.status !== 202 && response.status !== 201) throw await this.#lost(response);
    await dropBody(response);
    this.#position = size;
    await this.#goTo(response);
  }

  async *#bytesFrom(
    from: number,
    failed: (error: unknown) => void,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    let position = 0;
    for await (const chunk of watchedFor(failed, this.#options.open())) {
      const skip = Math.max(0, from - position);
      position += chunk.length;
      if (skip >= chunk.length) continue;
      yield chunk.subarray(skip);
      this.#options.sent?.(position);
    }
  }

  async #finish(): Promise<void> {
    const url = new URL(this.#location ?? '');
    url.searchParams.append('digest', this.#descriptor.digest);
    const response = await this.#request('PUT', url, {headers: {'content-length': '0'}});
    if (response.status !== 201 && response.status !== 204) throw await this.#lost(response);
    await dropBody(response);
  }

  /** The upload is not as the registry wants it: begun anew, once, since it may have counted wrong. */
  async #lost(response: Response): Promise<unknown> {
    const failure = await this.#failure(response);
    if (failure instanceof TransientFailure || this.#hasRestarted) return failure;
    if (![400, 404, 416].includes(response.status)) return failure;
    this.#hasRestarted = true;
    this.#location = undefined;
    return new TransientFailure(failure.code, failure.message);
  }

  async #goTo(response: Response): Promise<void> {
    this.#location = locationOf(response, await this.#host.origin(), this.#host.insecure);
  }

  #request(
    method: 'HEAD' | 'GET' | 'POST' | 'PATCH' | 'PUT',
    target: string | URL,
    more: {
      scopes?: readonly Scope[];
      headers?: Readonly<Record<string, string>>;
      body?: () => AsyncIterable<Uint8Array>;
    } = {},
  ): Promise<Response> {
    const {repository} = this.#host.endpoint;
    const own: Scope = {repository, actions: ['pull', 'push']};
    return this.#host.request({
      ...more,
      ...{method, target, scopes: [own, ...(more.scopes ?? [])]},
      // It may have to read all of the blob again, or to bring it somewhere else.
      answerTimeoutMs: 10 * this.#host.session.idleTimeoutMs,
    });
  }

  #failure(response: Response) {
    const {digest} = this.#descriptor;
    return this.#host.failure(
      response,
      `blob ${digest} of ${this.#host.endpoint.repository}`,
      'take',
    );
  }
}

/** Tells what goes wrong in a source itself, and not what its reader breaks off with: streams throw that in. */
async function* watchedFor<T>(
  failed: (error: unknown) => void,
  source: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((error: unknown) => {
        failed(error);
        throw error;
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
