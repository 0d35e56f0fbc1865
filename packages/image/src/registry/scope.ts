/** What is to be done with a repository. */
export interface Scope {
  readonly repository: string;
  readonly actions: readonly ('pull' | 'push' | 'delete')[];
}

/**
 * The scopes to ask a token server for: ours and those of the challenge, one for each resource, in one
 * order, so that they serve as a key too.
 *
 * @param challenged the challenge's `scope`, several of them with blanks between
 * @see distribution, "Token Scope Documentation"
 */
export function mergeScopes(ours: readonly Scope[], challenged: string | undefined): string[] {
  const actions = new Map<string, Set<string>>();
  const add = (resource: string, names: readonly string[]) => {
    const known = actions.get(resource) ?? new Set();
    for (const name of names) known.add(name);
    actions.set(resource, known);
  };
  for (const scope of ours) add(`repository:${scope.repository}`, scope.actions);
  for (const scope of challenged?.split(' ') ?? []) {
    if (scope === '') continue;
    const colon = scope.lastIndexOf(':');
    if (colon < 0) add(scope, []);
    else add(scope.slice(0, colon), scope.slice(colon + 1).split(','));
  }
  return [...actions].map(([resource, names]) =>
    names.size === 0 ? resource : `${resource}:${[...names].sort().join(',')}`,
  );
}
