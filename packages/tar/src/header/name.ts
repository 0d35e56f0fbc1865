import {blockSize, fields, readText} from './block.ts';

const slash = '/';

/** The name in a header block, behind its prefix where the dialect has one. */
export function readName(block: Buffer, start: number): string {
  const name = readText(block, start + fields.name[0], fields.name[1]);
  if (!isPosix(block, start) || block[start + fields.prefix[0]] === 0) return name;
  // star keeps times behind a shorter prefix, and signs with its name.
  const isStar = block.toString('latin1', start + blockSize - 4, start + blockSize) === 'tar\0';
  const prefix = readText(block, start + fields.prefix[0], isStar ? 131 : fields.prefix[1]);
  return prefix + slash + name;
}

// GNU's own format says `ustar ` and keeps other things where POSIX has the prefix.
function isPosix(block: Buffer, start: number): boolean {
  const magic = start + fields.magic[0];
  return block.toString('latin1', magic, magic + fields.magic[1]) === 'ustar\0';
}
