import {fields, readText} from '../header/block.ts';
import {readName} from '../header/name.ts';
import {readCount, readNumber} from '../header/numbers.ts';
import {entryType} from '../header/type.ts';
import type {TarLimits} from '../limits.ts';
import type {PaxFields} from '../pax/fields.ts';
import {refuse} from '../refusal.ts';
import type {SparseRegion, TarHeader} from './header.ts';

/** Names that GNU tar puts before a header which has no room for them. */
export interface LongNames {
  readonly path: string | undefined;
  readonly linkPath: string | undefined;
}

/** A header to which a sparse map may still be added. */
export type TarDraft = Omit<TarHeader, 'sparse'> & {
  size: number;
  fileSize: number;
  sparse?: readonly SparseRegion[];
};

const noXattrs: ReadonlyMap<string, Buffer> = new Map();
// 2^32 - 1 is "leave as it is" for chown(2).
const largestId = 0xfffffffe;
// makedev(3) on Linux: 12 and 20 bits.
const largestMajor = 0xfff;
const largestMinor = 0xfffff;

/** Makes one header of a block and of all that was said before it. */
export function resolveHeader(
  block: Buffer,
  start: number,
  pax: PaxFields,
  long: LongNames,
  limits: TarLimits,
): TarDraft {
  const path = long.path ?? pax.path ?? readName(block, start);
  checkPath(path, 'name', limits);
  const type = entryType(block[start + fields.typeflag[0]] ?? 0, path);
  const isLink = type === 'hardlink' || type === 'symlink';
  const linkPath = isLink ? readLink(block, start, pax, long) : '';
  if (isLink) checkPath(linkPath, 'link target', limits);
  const isDevice = type === 'character' || type === 'block';
  // What stands in the size of anything else than a file is followed by no data (Go's archive/tar).
  const size = type === 'file' ? (pax.size ?? count(block, start, 'size')) : 0;
  const mtime = pax.mtime;
  return {
    type,
    path,
    linkPath,
    mode: count(block, start, 'mode') & 0o7777,
    uid: within(pax.uid ?? count(block, start, 'uid'), largestId, 'uid'),
    gid: within(pax.gid ?? count(block, start, 'gid'), largestId, 'gid'),
    size,
    fileSize: size,
    mtimeSeconds: mtime?.seconds ?? readNumber(block, start + fields.mtime[0], 12, 'time'),
    mtimeNanoseconds: mtime?.nanoseconds ?? 0,
    deviceMajor: isDevice
      ? within(pax.deviceMajor ?? count(block, start, 'devmajor'), largestMajor, 'major number')
      : 0,
    deviceMinor: isDevice
      ? within(pax.deviceMinor ?? count(block, start, 'devminor'), largestMinor, 'minor number')
      : 0,
    xattrs: pax.xattrs ?? noXattrs,
  };
}

function readLink(block: Buffer, start: number, pax: PaxFields, long: LongNames): string {
  const [at, length] = fields.linkname;
  return long.linkPath ?? pax.linkPath ?? readText(block, start + at, length);
}

function checkPath(path: string, what: string, {pathBytes}: TarLimits): void {
  if (path === '') refuse(`has no ${what}`);
  if (path.length > pathBytes) refuse(`has a ${what} of more than ${pathBytes} bytes`);
}

type NumericField = 'mode' | 'uid' | 'gid' | 'size' | 'devmajor' | 'devminor';

function count(block: Buffer, start: number, field: NumericField): number {
  const [at, length] = fields[field];
  return readCount(block, start + at, length, field);
}

function within(value: number, largest: number, what: string): number {
  if (value > largest) refuse(`has a ${what} that is too large: ${value}`);
  return value;
}
