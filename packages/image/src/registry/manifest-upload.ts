import {MinicontainerError} from '@minicontainer/errors';
import {type Digest, isDigest} from '../digest/digest.ts';
import {withRetries} from './attempts.ts';
import type {RepositoryHost} from './host.ts';
import type {RemoteManifest} from './manifest-download.ts';
import {dropBody, headerOf} from './response.ts';

/**
 * Brings a manifest or an index to a registry, which must have all that it names.
 *
 * @param tagOrDigest what it is to be had by there
 * @throws {MinicontainerError} as `RepositoryHost.request`; `EAUTH` and `EREGISTRY` where it is refused;
 *   `EDIGEST` where the registry then has something else
 */
export async function uploadManifest(
  host: RepositoryHost,
  {descriptor, bytes}: RemoteManifest,
  tagOrDigest: string,
): Promise<void> {
  const {repository, registry} = host.endpoint;
  const what = `${repository}${isDigest(tagOrDigest) ? '@' : ':'}${tagOrDigest}`;
  const {retry, signal} = host.session;
  const answer = await withRetries(retry, signal, async () => {
    const response = await host.request({
      method: 'PUT',
      target: `/manifests/${tagOrDigest}`,
      headers: {'content-type': descriptor.mediaType},
      body: () => bytes,
      scopes: [{repository, actions: ['pull', 'push']}],
    });
    if (response.status !== 201 && response.status !== 200) {
      throw await host.failure(response, what, 'take');
    }
    await dropBody(response);
    return headerOf(response, 'docker-content-digest');
  });
  const said: Digest | undefined = answer !== undefined && isDigest(answer) ? answer : undefined;
  if (said === undefined || said === descriptor.digest || !sameAlgorithm(said, descriptor.digest)) {
    return;
  }
  throw new MinicontainerError(
    'EDIGEST',
    `${registry} has made another manifest of ${what}: its digest is ${said}, not ${descriptor.digest}`,
  );
}

function sameAlgorithm(one: Digest, other: Digest): boolean {
  return one.split(':')[0] === other.split(':')[0];
}
