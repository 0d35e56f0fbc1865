import {join} from 'node:path';
import {isNested} from './ids/nesting.ts';

/**
 * Where is kept what can be made again: `/var/cache/minicontainer` for root, else `$XDG_CACHE_HOME/minicontainer`.
 * `MINICONTAINER_CACHE` names another directory; an empty one keeps nothing.
 *
 * @returns undefined where there is no such place
 * @see XDG Base Directory Specification; native/nsexec/src/oci-places.c has the same for the runtime
 */
export function callerCache(): string | undefined {
  const {MINICONTAINER_CACHE: named, XDG_CACHE_HOME: caches, HOME: home} = process.env;
  if (named !== undefined) return named || undefined;
  if (process.geteuid?.() === 0 && !isNested()) return '/var/cache/minicontainer';
  if (caches?.startsWith('/')) return join(caches, 'minicontainer');
  return home?.startsWith('/') ? join(home, '.cache/minicontainer') : undefined;
}
