import {MinicontainerError} from '@minicontainer/errors';
import {ByteReader} from './byte-reader.ts';
import {isSkippableFrame, isZstdFrame} from './magic.ts';

/** What zstd(1) allows without being asked for more. */
const largestWindow = 128 * 1024 * 1024;
const largestBlock = 128 * 1024;
/** Blocks handed on at once: they make 1 MiB at most, however few bytes they are. */
const mostBlocks = 8;

/**
 * Compressed bytes, cut where frames of zstd end, without the frames that are to be skipped. Node's own
 * decompressor stops at the end of the first frame of what it is given at once, and archives that can be read
 * from anywhere in them have thousands.
 *
 * @throws {MinicontainerError} `ECOMPRESSION` for what is no zstd, ends early, is followed by anything else,
 *   or wants more than 128 MiB to look back in
 * @see RFC 8878, section 3.1
 */
export async function* zstdFrames(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new ByteReader(source);
  let isFirst = true;
  for (;;) {
    const magic = await reader.take(4);
    if (magic.length === 0 && !isFirst) return;
    const number = magic.length < 4 ? undefined : magic.readUInt32LE();
    if (number !== undefined && isZstdFrame(number)) yield* dataFrame(reader, magic);
    else if (number !== undefined && isSkippableFrame(number)) await skipFrame(reader);
    else if (isFirst) throw malformed('are no zstd data');
    else throw malformed('are followed by something else');
    isFirst = false;
  }
}

async function* dataFrame(
  reader: ByteReader,
  magic: Buffer,
): AsyncGenerator<Buffer, void, undefined> {
  const header = await frameHeader(reader);
  requireWindow(header);
  let parts = [magic, header];
  for (let blocks = 1; ; blocks += 1) {
    const {size, isLast} = readBlockHeader(await reader.peek(3));
    parts.push(await exactly(reader, 3 + size));
    if (isLast) break;
    if (blocks % mostBlocks !== 0) continue;
    yield Buffer.concat(parts);
    parts = [];
  }
  if (hasChecksum(header)) parts.push(await exactly(reader, 4));
  yield Buffer.concat(parts);
}

async function skipFrame(reader: ByteReader): Promise<void> {
  const size = (await exactly(reader, 4)).readUInt32LE();
  if ((await reader.skip(size)) < size) throw malformed('end early');
}

/** The descriptor of a frame, and what its bits say that follows. */
async function frameHeader(reader: ByteReader): Promise<Buffer> {
  const [descriptor = 0] = await reader.peek(1);
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const window = isSingleSegment(descriptor) ? 0 : 1;
  return await exactly(reader, 1 + window + dictionary + contentSizeBytes(descriptor));
}

function contentSizeBytes(descriptor: number): number {
  return [isSingleSegment(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
}

function isSingleSegment(descriptor: number): boolean {
  return (descriptor & 0x20) !== 0;
}

function hasChecksum(header: Buffer): boolean {
  return ((header[0] ?? 0) & 4) !== 0;
}

function requireWindow(header: Buffer): void {
  const bytes = windowOf(header);
  if (bytes <= largestWindow) return;
  throw malformed(`want ${bytes} bytes to look back in, ${largestWindow} at most are given`);
}

function windowOf(header: Buffer): number {
  const [descriptor = 0, window = 0] = header;
  if (!isSingleSegment(descriptor)) {
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const bytes = contentSizeBytes(descriptor);
  const at = header.length - bytes;
  if (bytes === 8) return Number(header.readBigUInt64LE(at));
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function readBlockHeader(header: Buffer): {size: number; isLast: boolean} {
  if (header.length < 3) throw malformed('end early');
  const word = header.readUIntLE(0, 3);
  const [type, length] = [(word >> 1) & 3, word >> 3];
  if (type === 3 || length > largestBlock) throw malformed('are damaged');
  // A run of one byte is said by that byte and its length.
  return {size: type === 1 ? 1 : length, isLast: (word & 1) === 1};
}

async function exactly(reader: ByteReader, count: number): Promise<Buffer> {
  const bytes = await reader.take(count);
  if (bytes.length < count) throw malformed('end early');
  return bytes;
}

function malformed(fault: string): MinicontainerError {
  return new MinicontainerError('ECOMPRESSION', `the compressed bytes ${fault}`);
}
