import {MinicontainerError} from '@minicontainer/errors';
import type {Descriptor} from '../manifest/descriptor.ts';
import {pauseAfter} from './attempts.ts';
import {parseContentRange} from './blob-range.ts';
import type {RepositoryHost} from './host.ts';
import {networkFailure} from './network-failure.ts';
import {dropBody, headerOf, type Response} from './response.ts';
import type {RetryPolicy} from './retry.ts';
import {TransientFailure} from './transient-failure.ts';

/** A blob from some byte on, as far as its size; whether it is the right one its reader must check. */
export interface BlobDownload {
  /** The first byte that comes; 0 where the registry cannot go on at the one that was asked for. */
  readonly offset: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Downloads a blob from the first place that has it. Where the connection is cut, or the registry has
 * no time, it goes on from the byte that it had come to, there or at the next place.
 *
 * Only as much is read as is taken: memory stays the same whatever the size.
 *
 * @param places in the order in which they are asked
 * @param passOver is told of a place that is left, and why
 * @param used gets the places that bytes have come from
 * @throws {MinicontainerError} as `RepositoryHost.request`; `EREGISTRY` and `EAUTH` for answers without
 *   the blob; `EDIGEST` where it is longer or shorter than its descriptor says. The body throws the same.
 */
export async function downloadBlob(
  places: readonly RepositoryHost[],
  descriptor: Descriptor,
  offset: number,
  {passOver, used}: {passOver: PassOver; used: Set<RepositoryHost>},
): Promise<BlobDownload> {
  const {size} = descriptor;
  if (offset > 0 && offset >= size) return {offset: size, body: nothing()};
  const course = new Course(places, passOver, used);
  const first = await connect(course, descriptor, offset);
  return {offset: first.start, body: follow(course, descriptor, first)};
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

interface Connected {
  readonly start: number;
  readonly response: Response;
}

async function* follow(
  course: Course,
  descriptor: Descriptor,
  first: Connected,
): AsyncGenerator<Uint8Array> {
  const {size} = descriptor;
  let connected = first;
  let position = first.start;
  for (;;) {
    const {start, response} = connected;
    // What a registry without ranges sends again is passed over.
    let skip = position - start;
    let failure: unknown;
    try {
      for await (const chunk of response.body) {
        const rest = skip < chunk.length ? chunk.subarray(skip) : undefined;
        skip = Math.max(0, skip - chunk.length);
        if (rest === undefined || rest.length === 0) continue;
        if (position + rest.length > size) throw tooLong(course, descriptor);
        position += rest.length;
        course.progress(rest.length);
        yield rest;
      }
      failure = cutShort(course, descriptor, position);
    } catch (error) {
      failure = networkFailure(error, response.url);
    }
    if (position === size && !isTooLong(failure)) return;
    await course.afterFailure(failure);
    connected = await connect(course, descriptor, position);
  }
}

async function connect(
  course: Course,
  descriptor: Descriptor,
  position: number,
): Promise<Connected> {
  for (;;) {
    try {
      return await requestFrom(course.place, descriptor, position);
    } catch (error) {
      await course.afterFailure(error);
    }
  }
}

async function requestFrom(
  place: RepositoryHost,
  descriptor: Descriptor,
  position: number,
): Promise<Connected> {
  const {digest, size} = descriptor;
  const ask = (from: number): Promise<Response> =>
    place.request({
      method: 'GET',
      target: `/blobs/${digest}`,
      headers: from === 0 ? {} : {range: `bytes=${from}-`},
      scopes: [{repository: place.endpoint.repository, actions: ['pull']}],
    });
  let response = await ask(position);
  if (position > 0 && response.status === 206) {
    const range = parseContentRange(headerOf(response, 'content-range'));
    if (range?.first === position && (range.size ?? size) === size) {
      return {start: position, response};
    }
  }
  if (position > 0 && (response.status === 206 || response.status === 416)) {
    // It cannot count: all of it, from the beginning.
    await dropBody(response);
    response = await ask(0);
  }
  const what = `blob ${digest} of ${place.endpoint.repository}`;
  if (response.status !== 200) throw await place.failure(response, what);
  const length = headerOf(response, 'content-length');
  if (length !== undefined && Number(length) !== size) {
    await dropBody(response);
    throw new MinicontainerError(
      'EDIGEST',
      `${place.endpoint.registry} sends ${length} bytes for ${what}, which has ${size}`,
    );
  }
  return {start: 0, response};
}

type PassOver = (place: RepositoryHost, reason: unknown) => void;

/** Which place is asked, how often it has failed, and which is next. */
class Course {
  readonly #places: readonly RepositoryHost[];
  #index = 0;
  #failures = 0;
  #sinceFailure = 0;
  readonly #passOver: PassOver;
  readonly #used: Set<RepositoryHost>;

  constructor(places: readonly RepositoryHost[], passOver: PassOver, used: Set<RepositoryHost>) {
    this.#places = places;
    this.#passOver = passOver;
    this.#used = used;
  }

  get place(): RepositoryHost {
    const place = this.#places[this.#index];
    if (place === undefined) throw new RangeError('a repository has no place');
    return place;
  }

  /** Failures count in a row: not those between which a good deal has come. */
  progress(bytes: number): void {
    this.#used.add(this.place);
    this.#sinceFailure += bytes;
    if (this.#sinceFailure >= enoughProgressBytes) this.#failures = 0;
  }

  /** Waits, or goes to the next place. @throws the failure, when there is none */
  async afterFailure(failure: unknown): Promise<void> {
    const {signal} = this.place.session;
    this.#failures += 1;
    this.#sinceFailure = 0;
    try {
      await pauseAfter(failure, this.#failures, this.#policy, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (this.#index + 1 >= this.#places.length) throw error;
      this.#passOver(this.place, error);
      this.#index += 1;
      this.#failures = 0;
    }
  }

  /** A mirror has the registry behind it: it is not waited for as long. */
  get #policy(): RetryPolicy {
    const {endpoint, session} = this.place;
    return endpoint.isMirror ? {...session.retry, attempts: 2} : session.retry;
  }
}

const enoughProgressBytes = 1024 * 1024;

function cutShort({place}: Course, {digest, size}: Descriptor, position: number): TransientFailure {
  return new TransientFailure(
    'ENETWORK',
    `${place.endpoint.registry} sent ${position} of the ${size} bytes of blob ${digest}`,
  );
}

function tooLong({place}: Course, {digest, size}: Descriptor): MinicontainerError {
  return new MinicontainerError(
    'EDIGEST',
    `${place.endpoint.registry} sends more than the ${size} bytes of blob ${digest}`,
  );
}

function isTooLong(failure: unknown): boolean {
  return failure instanceof MinicontainerError && failure.code === 'EDIGEST';
}
