import type {MountRequest} from '@minicontainer/engine';
import {quoted, refuse} from './refuse.ts';

type Idmap = NonNullable<Extract<MountRequest, {kind: 'bind'}>['idmap']>;
type Ids = Exclude<Idmap, string>;

const FORM = 'write idmap, or idmap=uids=FROM-TO-SIZE#…;gids=FROM-TO-SIZE#…, with @ before FROM';

/**
 * What stands behind `idmap=`, as Podman has it: whose files of the source belong to whom on the host, or
 * with an `@` in the container; ids of one kind alone hold for both.
 */
export function parseIdmap(text: string, flag: string): Idmap {
  if (text === '' || text === 'true') return 'container';
  const lists = new Map<string, {mappings: Ids['uidMappings']; relative: boolean}>();
  for (const part of text.split(';')) {
    const [, name, at, ranges] = /^(uids|gids)=(@?)(.+)$/.exec(part) ?? [];
    if (name === undefined || ranges === undefined || lists.has(name)) {
      throw refuse(`${flag}: ${quoted(`idmap=${text}`)} is no mapping`, FORM);
    }
    const mappings = ranges.split('#').map((range) => parseRange(range, text, flag));
    lists.set(name, {mappings, relative: at === '@'});
  }
  const [uids, gids] = [
    lists.get('uids') ?? lists.get('gids'),
    lists.get('gids') ?? lists.get('uids'),
  ];
  if (uids === undefined || gids === undefined) {
    throw refuse(`${flag}: ${quoted(`idmap=${text}`)} is no mapping`, FORM);
  }
  return {
    uidMappings: uids.mappings,
    gidMappings: gids.mappings,
    relative: {uids: uids.relative, gids: gids.relative},
  };
}

function parseRange(range: string, text: string, flag: string): Ids['uidMappings'][number] {
  const match = /^(\d{1,10})-(\d{1,10})-(\d{1,10})$/.exec(range);
  if (match === null) throw refuse(`${flag}: ${quoted(`idmap=${text}`)} is no mapping`, FORM);
  return {containerID: Number(match[1]), hostID: Number(match[2]), size: Number(match[3])};
}
