import {fields} from '../header/block.ts';
import type {NewEntry} from './entry.ts';
import {splitPath} from './split.ts';

/** The records of PAX that an entry needs, in one order; empty when ustar says it all. */
export function extendedRecords(entry: NewEntry): Buffer {
  const {path, linkPath = '', xattrs = new Map<string, Buffer>()} = entry;
  const records: Buffer[] = [];
  if (splitPath(path) === undefined) records.push(record('path', path));
  if (linkPath.length > fields.linkname[1]) records.push(record('linkpath', linkPath));
  if ((entry.size ?? 0) >= 8 ** 11) records.push(record('size', `${entry.size}`));
  for (const id of ['uid', 'gid'] as const) {
    if ((entry[id] ?? 0) >= 8 ** 7) records.push(record(id, `${entry[id]}`));
  }
  const time = timeText(entry.mtimeSeconds ?? 0, entry.mtimeNanoseconds ?? 0);
  if (time !== undefined) records.push(record('mtime', time));
  const names = [...xattrs.keys()].sort();
  for (const name of names) records.push(record(`SCHILY.xattr.${name}`, xattrs.get(name) ?? ''));
  // Names are bytes: without this, readers may take them for UTF-8 and refuse (pax(1), hdrcharset).
  if (records.length > 0 && !(isUtf8(path) && isUtf8(linkPath))) {
    records.unshift(record('hdrcharset', 'BINARY'));
  }
  return Buffer.concat(records);
}

function timeText(seconds: number, nanoseconds: number): string | undefined {
  if (nanoseconds === 0 && seconds >= 0 && seconds < 8 ** 11) return undefined;
  if (nanoseconds === 0) return `${seconds}`;
  // Before 1970 the fraction goes back from the second behind.
  const isNegative = seconds < 0;
  const whole = isNegative ? -(seconds + 1) : seconds;
  const fraction = isNegative ? 1_000_000_000 - nanoseconds : nanoseconds;
  const digits = `${fraction}`.padStart(9, '0').replace(/0+$/, '');
  return `${isNegative ? '-' : ''}${whole}.${digits}`;
}

// The length counts its own digits.
function record(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([
    Buffer.from(` ${key}=`, 'latin1'),
    typeof value === 'string' ? Buffer.from(value, 'latin1') : value,
    Buffer.from('\n'),
  ]);
  let length = rest.length;
  while (length !== rest.length + `${length}`.length) length = rest.length + `${length}`.length;
  return Buffer.concat([Buffer.from(`${length}`), rest]);
}

function isUtf8(name: string): boolean {
  const bytes = Buffer.from(name, 'latin1');
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}
