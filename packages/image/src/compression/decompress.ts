import type {LayerCompression} from '../manifest/media-types.ts';
import {gunzip} from './gunzip.ts';
import {unzstd} from './unzstd.ts';

/**
 * Bytes as they were before they were compressed.
 *
 * @throws {MinicontainerError} `ECOMPRESSION`; what the source throws comes out unchanged
 */
export function decompress(
  source: AsyncIterable<Buffer>,
  compression: LayerCompression,
): AsyncIterable<Buffer> {
  switch (compression) {
    case 'gzip':
      return gunzip(source);
    case 'zstd':
      return unzstd(source);
    case 'none':
      return source;
  }
}
