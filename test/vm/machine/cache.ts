import {homedir} from 'node:os';
import {join} from 'node:path';

/** Where test runs keep what takes long to make. Whoever removes it gets it made anew. */
export function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(base, 'minicontainer-tests');
}
