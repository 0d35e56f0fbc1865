import {MinicontainerError} from '@minicontainer/errors';
import {withRetries} from './attempts.ts';
import type {RepositoryHost} from './host.ts';
import {headerOf, type Response, readShortBody} from './response.ts';

const longestPage = 4 * 1024 * 1024;
/** An enemy's list has no end. */
const mostPages = 1000;

/**
 * All tags of a repository, in the registry's order, page by page.
 *
 * @throws {MinicontainerError} `EREGISTRY`, `EAUTH`, `ENETWORK`
 * @see OCI distribution spec, "Content Discovery"
 */
export async function listTags(host: RepositoryHost): Promise<string[]> {
  const {retry, signal} = host.session;
  const tags = new Set<string>();
  let next: string | URL | undefined = '/tags/list';
  for (let pages = 0; next !== undefined; pages += 1) {
    if (pages === mostPages) throw broken(host, `more than ${mostPages} pages of tags`);
    const target: string | URL = next;
    const page: Page = await withRetries(retry, signal, () => readPage(host, target));
    for (const tag of page.tags) tags.add(tag);
    next = page.next;
  }
  return [...tags];
}

interface Page {
  readonly tags: readonly string[];
  readonly next: URL | undefined;
}

async function readPage(host: RepositoryHost, target: string | URL): Promise<Page> {
  const {repository} = host.endpoint;
  const response = await host.request({
    method: 'GET',
    target,
    scopes: [{repository, actions: ['pull']}],
  });
  if (response.status !== 200) throw await host.failure(response, `tags of ${repository}`);
  const body = await readShortBody(response, longestPage, host.session.idleTimeoutMs);
  if (body === undefined) throw broken(host, `more than ${longestPage} bytes of tags at once`);
  const tags = tagsIn(body.toString());
  if (tags === undefined) throw broken(host, 'something else for the list of tags');
  return {tags, next: nextOf(response, host)};
}

/** The tags of a page; null of a repository without any. Undefined for what is no page. */
export function tagsIn(body: string): string[] | undefined {
  try {
    const document: unknown = JSON.parse(body);
    if (typeof document !== 'object' || document === null || !('tags' in document))
      return undefined;
    const {tags} = document;
    if (tags === null) return [];
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : undefined;
  } catch {
    return undefined;
  }
}

/** `Link: </v2/NAME/tags/list?last=…>; rel="next"`: at the same registry alone, which knows who asks. */
function nextOf(response: Response, host: RepositoryHost): URL | undefined {
  const link = headerOf(response, 'link') ?? '';
  const [, address] = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link) ?? [];
  if (address === undefined) return undefined;
  if (!URL.canParse(address, response.url.href)) throw broken(host, 'no address of the next tags');
  const url = new URL(address, response.url);
  if (url.origin !== response.url.origin) throw broken(host, 'to another host for more tags');
  return url;
}

function broken({endpoint}: RepositoryHost, what: string): MinicontainerError {
  const {registry, repository} = endpoint;
  return new MinicontainerError('EREGISTRY', `${registry} sends ${what} of ${repository}`);
}
