import type {LayerCompression} from '../manifest/media-types.ts';

/** How many bytes of a beginning are looked at. */
export const magicBytes = 512;

const zstdMagic = 0xfd2fb528;
/** The four bits that are masked out are free: any of them begins a frame to be skipped. */
const zstdSkippable = 0x184d2a50;

/** How bytes are compressed, by how they begin; `none` for what begins as nothing known. */
export function compressionOf(beginning: Uint8Array): LayerCompression {
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) return 'gzip';
  if (beginning.length >= 4) {
    const magic = new DataView(beginning.buffer, beginning.byteOffset, 4).getUint32(0, true);
    if (isZstdFrame(magic) || isSkippableFrame(magic)) return 'zstd';
  }
  return 'none';
}

/** Compressions that no image specification has, by their names. */
export function foreignCompressionOf(beginning: Uint8Array): string | undefined {
  const text = Buffer.from(beginning.subarray(0, magicBytes)).toString('latin1');
  // An archive's first bytes are the name of a file, which may be any.
  if (text.startsWith('ustar', 257)) return undefined;
  if (text.startsWith('\xfd7zXZ')) return 'xz';
  if (/^BZh[1-9]/.test(text)) return 'bzip2';
  if (text.startsWith('PK\x03\x04')) return 'zip';
  if (text.startsWith('\x04\x22\x4d\x18')) return 'lz4';
  return undefined;
}

export function isZstdFrame(magic: number): boolean {
  return magic === zstdMagic;
}

export function isSkippableFrame(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === zstdSkippable;
}
