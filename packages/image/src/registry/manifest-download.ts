import {MinicontainerError} from '@minicontainer/errors';
import {algorithmOf, isDigest} from '../digest/digest.ts';
import {digestOf} from '../digest/digester.ts';
import type {Descriptor} from '../manifest/descriptor.ts';
import {longestManifest, readDocument} from '../manifest/manifest.ts';
import {acceptedManifests} from '../manifest/media-types.ts';
import type {RepositoryHost} from './host.ts';
import {explainMissingTag} from './missing-tag.ts';
import {headerOf, readShortBody} from './response.ts';

/** A manifest or an index as a registry has it: its very bytes, and what they are. */
export interface RemoteManifest {
  /** Its size is the bytes' own, and so is its digest. */
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/**
 * Gets a manifest or an index by tag or digest; bytes of another digest than the one asked for, or the
 * one that the registry says, are refused.
 *
 * @throws {MinicontainerError} `EDIGEST`; `EMANIFEST` when it is longer than 4 MiB; else as
 *   `RepositoryHost.request`
 */
export async function downloadManifest(
  host: RepositoryHost,
  tagOrDigest: string,
): Promise<RemoteManifest> {
  const {registry, repository} = host.endpoint;
  const what = `${repository}${isDigest(tagOrDigest) ? '@' : ':'}${tagOrDigest}`;
  const response = await host.request({
    method: 'GET',
    target: `/manifests/${tagOrDigest}`,
    headers: {accept: acceptedManifests.join(', ')},
    scopes: [{repository, actions: ['pull']}],
  });
  if (response.status !== 200) {
    const failure = await host.failure(response, what);
    const isMissingTag = response.status === 404 && !isDigest(tagOrDigest);
    throw isMissingTag ? await explainMissingTag(host, failure) : failure;
  }
  const bytes = await readShortBody(response, longestManifest, host.session.idleTimeoutMs);
  if (bytes === undefined) {
    throw new MinicontainerError(
      'EMANIFEST',
      `${registry} sends more than ${longestManifest} bytes as the manifest of ${what}`,
    );
  }
  const said = headerOf(response, 'docker-content-digest') ?? '';
  const expected = isDigest(tagOrDigest) ? tagOrDigest : isDigest(said) ? said : undefined;
  const digest = digestOf(bytes, expected === undefined ? 'sha256' : algorithmOf(expected));
  if (expected !== undefined && expected !== digest) {
    throw new MinicontainerError(
      'EDIGEST',
      `${registry} sends another manifest for ${what}: its digest is ${digest}, not ${expected}`,
    );
  }
  const name = `${registry}/${what}`;
  const document = readDocument(bytes, headerOf(response, 'content-type'), name);
  const {mediaType} = document.kind === 'index' ? document.index : document.manifest;
  return {descriptor: Object.freeze({mediaType, digest, size: bytes.length}), bytes};
}
