import {MinicontainerError} from '@minicontainer/errors';
import type {RepositoryHost} from './host.ts';
import {remoteText} from './remote-text.ts';
import {dropBody, readShortBody} from './response.ts';
import {tagsIn} from './tags.ts';

/**
 * The error for a tag that is not there: says so when the whole repository is not, and else which tags
 * there are. Some registries answer both alike.
 *
 * @param failure what the registry's answer says by itself
 */
export async function explainMissingTag(
  host: RepositoryHost,
  failure: MinicontainerError,
): Promise<MinicontainerError> {
  const {registry, repository} = host.endpoint;
  try {
    const response = await host.request({
      method: 'GET',
      target: '/tags/list?n=50',
      scopes: [{repository, actions: ['pull']}],
    });
    if (response.status === 404) {
      await dropBody(response);
      return new MinicontainerError(
        'EREGISTRY',
        `${registry} has no repository ${repository} (404)`,
      );
    }
    const body = await readShortBody(response, 1024 * 1024, 5000);
    const isList = response.status === 200 && body !== undefined;
    const tags = (isList ? tagsIn(body.toString()) : undefined) ?? [];
    if (tags.length === 0) return failure;
    const more = tags.length > mostTags ? ', …' : '';
    const hint = `its tags are ${tags
      .slice(0, mostTags)
      .map((tag) => remoteText(tag, 128))
      .join(', ')}${more}`;
    return new MinicontainerError(failure.code, failure.message, {hint});
  } catch {
    host.session.signal?.throwIfAborted();
    return failure;
  }
}

const mostTags = 12;
