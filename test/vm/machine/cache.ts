import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';

const weekMs = 7 * 24 * 3600 * 1000;

/** Where test runs keep what takes long to make. Whoever removes it gets it made anew. */
export function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(base, 'minicontainer-tests');
}

/**
 * What the cache has under a name, as `disks/<hash>.img`; where it has not, `make` returns what is to be
 * kept there, made in a directory of its own. What lies beside it and nobody has used for a week is removed.
 */
export function fromCache(name: string, make: (scratch: string) => string): string {
  const place = join(cacheDirectory(), name);
  mkdirSync(dirname(place), {recursive: true});
  if (!existsSync(place)) {
    removeUnused(dirname(place));
    // Beside its place, so that what is there under its name is complete.
    const scratch = mkdtempSync(join(dirname(place), '.making-'));
    try {
      const made = make(scratch);
      // Another run may have been faster.
      if (!existsSync(place)) renameSync(made, place);
    } finally {
      rmSync(scratch, {recursive: true, force: true});
    }
  }
  utimesSync(place, new Date(), new Date());
  return place;
}

function removeUnused(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > weekMs) rmSync(path, {recursive: true, force: true});
  }
}
