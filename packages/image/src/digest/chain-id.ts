import {MinicontainerError} from '@minicontainer/errors';
import type {Digest} from './digest.ts';
import {digestOf} from './digester.ts';

/**
 * Chain ids of layers, each of a layer on all below it: what names an unpacked snapshot.
 *
 * @param diffIds digests of the uncompressed layers, lowest first
 * @returns as many as there are layers, lowest first
 * @see OCI image spec, config.md, "Layer ChainID"
 */
export function chainIds(diffIds: readonly Digest[]): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const parent = chain.at(-1);
    chain.push(parent === undefined ? diffId : digestOf(Buffer.from(`${parent} ${diffId}`)));
  }
  return chain;
}

/**
 * Chain id of the topmost of some layers.
 *
 * @param diffIds lowest first; at least one
 * @throws {MinicontainerError} `EDIGEST` for none
 */
export function chainId(diffIds: readonly Digest[]): Digest {
  const top = chainIds(diffIds).at(-1);
  if (top === undefined) throw new MinicontainerError('EDIGEST', 'no layers have no chain id');
  return top;
}
