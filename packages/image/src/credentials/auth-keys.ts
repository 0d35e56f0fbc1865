/** Docker Hub as Docker's own file and the helpers made for it call it. */
export const dockerHubKey = 'https://index.docker.io/v1/';

/**
 * The names that credentials for a repository may stand under, best first: the repository itself, what
 * contains it, the registry.
 *
 * @see containers-auth.json(5)
 */
export function keysFor(registry: string, repository: string): string[] {
  const keys = [registry];
  let path = registry;
  for (const part of repository.split('/')) {
    if (part === '') continue;
    path += `/${part}`;
    keys.unshift(path);
  }
  return keys;
}

/** A key as somebody wrote it, without what does not matter: `https://index.docker.io/v1/` is `docker.io`. */
export function normalizeKey(key: string): string {
  // With a scheme it is of Docker's first days, and its path is the registry's, not a repository's.
  const url = /^https?:\/\/([^/]*)/i.exec(key)?.[1];
  const name = url ?? key.replace(/\/+$/, '');
  const slash = name.indexOf('/');
  const [host, path] = slash < 0 ? [name, ''] : [name.slice(0, slash), name.slice(slash)];
  return `${dockerHubHosts.has(host) ? 'docker.io' : host}${path}`;
}

const dockerHubHosts: ReadonlySet<string> = new Set(['index.docker.io', 'registry-1.docker.io']);
