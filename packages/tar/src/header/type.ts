import type {TarEntryType} from '../entry/header.ts';
import {refuse} from '../refusal.ts';

const types = new Map<number, TarEntryType>([
  [0, 'file'],
  [code('0'), 'file'],
  [code('1'), 'hardlink'],
  [code('2'), 'symlink'],
  [code('3'), 'character'],
  [code('4'), 'block'],
  [code('5'), 'directory'],
  [code('6'), 'fifo'],
  [code('7'), 'file'],
  [code('S'), 'file'],
]);

/**
 * What a type flag stands for.
 *
 * POSIX lets a reader take unknown types for files. We refuse them, as the other engines do: volume
 * labels, multi-volume pieces and directory dumps as files would be a tree that nobody archived.
 */
export function entryType(typeflag: number, path: string): TarEntryType {
  const type =
    types.get(typeflag) ?? refuse(`is of a type that is not supported: ${show(typeflag)}`);
  // Before there was a flag for directories their names ended in a slash.
  return typeflag === 0 && path.endsWith('/') ? 'directory' : type;
}

function show(typeflag: number): string {
  const printable = typeflag > 0x20 && typeflag < 0x7f;
  return printable ? String.fromCharCode(typeflag) : `0x${typeflag.toString(16).padStart(2, '0')}`;
}

function code(flag: string): number {
  return flag.charCodeAt(0);
}
