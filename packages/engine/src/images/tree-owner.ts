import type {TreeOwner} from '@minicontainer/plan';
import {readHostFacts} from '../host-facts.ts';
import {type LayerIds, layerIds} from '../image/ids-key.ts';

/** Who unpacks, measures and removes what belongs to these ids; the caller's own unless said. */
export function treeOwner({userNamespace}: LayerIds = layerIds(undefined)): TreeOwner {
  const host = readHostFacts({ociVersion: '1.2.0', root: {path: '/'}});
  return {host, ...(userNamespace === undefined ? {} : {userNamespace})};
}
