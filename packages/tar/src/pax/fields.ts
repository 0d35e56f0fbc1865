import {parseCount} from '../header/numbers.ts';
import {refuse} from '../refusal.ts';
import {eachRecord} from './records.ts';
import {SparseRecords} from './sparse.ts';
import {parseTime} from './time.ts';
import {XattrRecords} from './xattrs.ts';

/** What a PAX header says of the entry behind it. */
export interface PaxFields {
  path?: string;
  linkPath?: string;
  size?: number;
  uid?: number;
  gid?: number;
  mtime?: {readonly seconds: number; readonly nanoseconds: number};
  deviceMajor?: number;
  deviceMinor?: number;
  sparse?: SparseRecords;
  xattrs?: ReadonlyMap<string, Buffer>;
}

/**
 * Reads the header of one entry (`x`): a later record wins over an earlier one and over the global
 * header; an empty one takes back what was said.
 */
export function readPax(data: Buffer, global: PaxFields): PaxFields {
  const found: PaxFields = {...global};
  const xattrs = new XattrRecords();
  eachRecord(data, (key, start, end) => {
    if (xattrs.take(key, data, start, end)) return;
    if (key.startsWith('GNU.sparse.')) {
      found.sparse ??= new SparseRecords();
      found.sparse.take(key, data.toString('latin1', start, end));
      return;
    }
    setField(found, key, data, start, end);
  });
  if (found.sparse?.name !== undefined) found.path = found.sparse.name;
  if (xattrs.names.size > 0) found.xattrs = xattrs.names;
  return found;
}

/**
 * Reads a global header (`g`), which holds for every entry from here on: owners and times alone.
 *
 * A name or a size for all entries makes no archive, only a trap for whoever reads it otherwise.
 */
export function readGlobalPax(data: Buffer, before: PaxFields): PaxFields {
  const found = readPax(data, before);
  for (const key of ['path', 'linkPath', 'size', 'sparse', 'xattrs'] as const) {
    if (found[key] !== undefined) refuse(`has a global PAX header with a ${key} for every entry`);
  }
  return found;
}

function setField(found: PaxFields, key: string, data: Buffer, start: number, end: number): void {
  const field = fieldOf.get(key);
  if (field === undefined) return;
  if (start === end) {
    delete found[field];
    return;
  }
  const value = data.toString('latin1', start, end);
  switch (field) {
    case 'path':
    case 'linkPath':
      if (value.includes('\0')) refuse(`has a NUL in its ${key}`);
      found[field] = value;
      break;
    case 'mtime':
      found.mtime = parseTime(value);
      break;
    default:
      found[field] = parseCount(value, key);
  }
}

const fieldOf = new Map<
  string,
  'path' | 'linkPath' | 'size' | 'uid' | 'gid' | 'mtime' | 'deviceMajor' | 'deviceMinor'
>([
  ['path', 'path'],
  ['linkpath', 'linkPath'],
  ['size', 'size'],
  ['uid', 'uid'],
  ['gid', 'gid'],
  ['mtime', 'mtime'],
  ['SCHILY.devmajor', 'deviceMajor'],
  ['SCHILY.devminor', 'deviceMinor'],
]);
