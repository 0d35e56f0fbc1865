import type {TarEntryType} from '../entry/header.ts';
import {blockSize, fields, paddingOf} from '../header/block.ts';
import type {NewEntry} from './entry.ts';
import {extendedRecords} from './extended.ts';
import {splitPath} from './split.ts';

const flags = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
} as const;
const modes: {readonly [type in TarEntryType]?: number} = {directory: 0o755, symlink: 0o777};

/**
 * The bytes before an entry's data: a ustar header, and before it one of PAX for what ustar has no room.
 *
 * The same entry always makes the same bytes.
 */
export function tarHeader(entry: NewEntry): Buffer {
  const records = extendedRecords(entry);
  const header = ustarBlock(entry, flags[entry.type]);
  if (records.length === 0) return header;
  const path = '././@PaxHeader';
  const extended = ustarBlock({type: 'file', path, size: records.length}, 'x');
  return Buffer.concat([extended, records, tarPadding(records.length), header]);
}

/** The zeros behind so many bytes of data. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc(paddingOf(size));
}

/** What ends an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockSize);
}

function ustarBlock(entry: NewEntry, flag: string): Buffer {
  const block = Buffer.alloc(blockSize);
  const {name, prefix} = splitPath(entry.path) ?? {name: entry.path.slice(0, 100), prefix: ''};
  text(block, 'name', name);
  text(block, 'prefix', prefix);
  text(block, 'linkname', entry.linkPath ?? '');
  number(block, 'mode', entry.mode ?? modes[entry.type] ?? 0o644);
  number(block, 'uid', entry.uid ?? 0);
  number(block, 'gid', entry.gid ?? 0);
  number(block, 'size', entry.type === 'file' ? (entry.size ?? 0) : 0);
  number(block, 'mtime', entry.mtimeSeconds ?? 0);
  number(block, 'devmajor', entry.deviceMajor ?? 0);
  number(block, 'devminor', entry.deviceMinor ?? 0);
  text(block, 'typeflag', flag);
  text(block, 'magic', 'ustar');
  text(block, 'version', '00');
  text(block, 'checksum', ' '.repeat(8));
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(block, 'checksum', `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

function text(block: Buffer, field: keyof typeof fields, value: string): void {
  const [start, length] = fields[field];
  block.write(value.slice(0, length), start, 'latin1');
}

// What does not fit is in the PAX header, which then counts.
function number(block: Buffer, field: keyof typeof fields, value: number): void {
  const digits = fields[field][1] - 1;
  const fits = fitsOctal(value, digits) ? value : 0;
  text(block, field, fits.toString(8).padStart(digits, '0'));
}

/** Whether a field of so many digits can hold a number. */
function fitsOctal(value: number, digits: number): boolean {
  return value >= 0 && value < 8 ** digits;
}
