import {MinicontainerError} from '@minicontainer/errors';
import {compressionOf, foreignCompressionOf, magicBytes} from '../compression/magic.ts';
import type {LayerCompression} from '../manifest/media-types.ts';
import {errnoOf} from '../store/failure.ts';

/** A source whose first bytes were looked at, and come again. */
export interface KnownSource {
  readonly compression: LayerCompression;
  readonly bytes: AsyncIterable<Buffer>;
}

/**
 * Finds out how a file or pipe is compressed.
 *
 * @param name of the source, for errors
 * @throws {MinicontainerError} `ECOMPRESSION` for what no image is compressed by
 */
export async function knowSource(
  source: AsyncIterable<Buffer>,
  name: string,
): Promise<KnownSource> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < magicBytes) {
    const {done, value} = await chunks.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  const foreign = foreignCompressionOf(head);
  if (foreign !== undefined) {
    await chunks.return?.();
    throw new MinicontainerError('ECOMPRESSION', `${name} is compressed by ${foreign}`, {
      hint: `give it plain, or compressed by gzip or zstd`,
    });
  }
  return {compression: compressionOf(head), bytes: rejoin(head, chunks)};
}

async function* rejoin(
  head: Buffer,
  chunks: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

/** An error of what is in a source or of reading it, with the name of the source; any other stays as it is. */
export function inSource(error: unknown, name: string): unknown {
  const errno = errnoOf(error);
  if (errno !== undefined) {
    return new MinicontainerError('EIMAGE', `cannot read ${name}: ${errno}`, {cause: error});
  }
  const isInside =
    error instanceof MinicontainerError && ['ETAR', 'ECOMPRESSION'].includes(error.code);
  if (!isInside || error.message.startsWith(name)) return error;
  const {code, message, hint} = error;
  const details = {cause: error, ...(hint === undefined ? {} : {hint})};
  return new MinicontainerError(code, `${name}: ${message}`, details);
}
