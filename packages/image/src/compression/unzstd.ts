import type {Transform} from 'node:stream';
import zlib, {type ZlibOptions} from 'node:zlib';
import {MinicontainerError} from '@minicontainer/errors';
import {isZlibError, streamOptions} from './gunzip.ts';
import {pump} from './pump.ts';
import {zstdFrames} from './zstd-frames.ts';
import {startZstd, unzstdByProgram} from './zstd-program.ts';

/**
 * Bytes that zstd compressed: by Node where it can (22.15), by the program zstd where there is one, else by
 * one in JavaScript, which takes five times as long.
 *
 * @throws {MinicontainerError} `ECOMPRESSION` when they are malformed, end early, or anything follows them
 * @see RFC 8878
 */
export async function* unzstd(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const create = nodeZstd();
  if (create !== undefined) {
    yield* unzstdByNode(source, create);
    return;
  }
  const program = await startZstd();
  yield* program === undefined ? unzstdByScript(source) : unzstdByProgram(source, program);
}

type CreateZstd = (options: ZlibOptions) => Transform;

/** Node 20 has none, and its types know of none. */
function nodeZstd(): CreateZstd | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return isCreateZstd(create) ? create : undefined;
}

function isCreateZstd(value: unknown): value is CreateZstd {
  return typeof value === 'function';
}

export async function* unzstdByNode(
  source: AsyncIterable<Uint8Array>,
  create: CreateZstd,
): AsyncGenerator<Buffer, void, undefined> {
  const stream = create(streamOptions);
  try {
    yield* pump(zstdFrames(source), stream, stream);
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw damaged(cause.message, cause);
  }
}

export async function* unzstdByScript(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const {Decompress} = await import('fzstd');
  const made: Buffer[] = [];
  const stream = new Decompress((bytes) => {
    made.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  });
  for await (const bytes of zstdFrames(source)) {
    try {
      stream.push(bytes);
    } catch (cause) {
      throw damaged(cause instanceof Error ? cause.message : String(cause), cause);
    }
    yield* made.splice(0);
  }
}

function damaged(fault: string, cause: unknown): MinicontainerError {
  return new MinicontainerError('ECOMPRESSION', `the zstd data are damaged: ${fault}`, {cause});
}
