import {createGunzip, type ZlibOptions} from 'node:zlib';
import {MinicontainerError} from '@minicontainer/errors';
import {pump} from './pump.ts';

/** In pieces as small as Node's default the way between the threads takes as long as the work. */
const chunkBytes = 1024 * 1024;

/** What is inflated in another thread while this one works on what came before. */
export const streamOptions: ZlibOptions & StreamOptions = {
  chunkSize: chunkBytes,
  readableHighWaterMark: 4 * chunkBytes,
  writableHighWaterMark: chunkBytes,
};

interface StreamOptions {
  readonly readableHighWaterMark: number;
  readonly writableHighWaterMark: number;
}

/**
 * Bytes that gzip compressed, in one member or several.
 *
 * @throws {MinicontainerError} `ECOMPRESSION` when they are malformed, end early, or anything follows them
 * @see RFC 1952
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  let given = 0;
  async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const bytes of source) {
      given += bytes.length;
      yield bytes;
    }
  }
  const inflater = createGunzip(streamOptions);
  try {
    yield* pump(counted(), inflater, inflater);
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw new MinicontainerError('ECOMPRESSION', `the gzip data are damaged: ${cause.message}`, {
      cause,
    });
  }
  // zlib takes zeros after the end for padding; Go's readers, which most others use, refuse them.
  if (inflater.bytesWritten === given) return;
  const trailing = given - inflater.bytesWritten;
  throw new MinicontainerError('ECOMPRESSION', `${trailing} bytes follow the end of the gzip data`);
}

export function isZlibError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(?:Z_|ZSTD_)/.test(error.code)
  );
}
