import {normalize} from 'node:path';
import {quoted, refuse} from './refuse.ts';

/** Where something is mounted in the container: an absolute path, and not its root. */
export function mountTarget(target: string, flag: string): string {
  if (!target.startsWith('/')) {
    throw refuse(`${flag}: ${quoted(target)} is not an absolute path of the container`);
  }
  const path = normalize(target).replace(/(.)\/$/, '$1');
  if (path === '/') throw refuse(`${flag}: nothing can be mounted on the container’s /`);
  return path;
}
