import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {compressionOf} from './magic.ts';

/**
 * How many bytes a file is without its compression, as it says itself: good for a forecast, and never to be
 * relied on. Gzip knows it modulo 4 GiB, and of its last part; of zstd the first frame may say it.
 *
 * @returns 0 where that cannot be said
 * @see RFC 1952, ISIZE; RFC 8878, "Frame_Content_Size"
 */
export function expectedSize(path: string): number {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return 0;
  }
  try {
    const {size} = fstatSync(fd);
    const beginning = bytesAt(fd, 0, Math.min(size, 18));
    switch (compressionOf(beginning)) {
      case 'gzip':
        return size < 18 ? 0 : gzipSize(bytesAt(fd, size - 4, 4).readUInt32LE(), size);
      case 'zstd':
        return zstdSize(beginning);
      case 'none':
        return size;
    }
  } finally {
    closeSync(fd);
  }
}

/** Gzip makes nothing much longer, so what is below the compressed size went past 4 GiB; or has parts. */
function gzipSize(modulo: number, compressed: number): number {
  let size = modulo;
  while (size < compressed * 0.99 - 64) size += 2 ** 32;
  return size;
}

function zstdSize(beginning: Buffer): number {
  const descriptor = beginning[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionary;
  const bytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  if (bytes === 0 || at + bytes > beginning.length) return 0;
  if (bytes === 8) return Number(beginning.readBigUInt64LE(at));
  return beginning.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function bytesAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, position));
}
