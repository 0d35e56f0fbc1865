import {createHash} from 'node:crypto';
import {lstatSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';

/**
 * All that can be seen of files and directories, by path: type, owner, mode, times, and what is in them.
 * The time of change (ctime) cannot be set back, so that what is equal was not touched.
 */
export function describeTrees(paths: readonly string[]): Record<string, string> {
  const described: Record<string, string> = {};
  for (const path of paths) visit(path, described);
  return described;
}

function visit(path: string, described: Record<string, string>): void {
  const stat = lstatSync(path, {bigint: true, throwIfNoEntry: false});
  if (stat === undefined) return;
  const {ino, mode, uid, gid, nlink, size, mtimeNs, ctimeNs} = stat;
  const fields = [ino, mode.toString(8), uid, gid, nlink, size, mtimeNs, ctimeNs, content(path)];
  described[path] = fields.join(' ');
  if (!stat.isDirectory()) return;
  for (const name of readable(path)) visit(join(path, name), described);
}

function content(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return readlinkSync(path);
  // Larger ones are told by their times.
  if (!stat.isFile() || stat.size > 65_536) return '';
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
  } catch {
    return 'unreadable';
  }
}

function readable(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
