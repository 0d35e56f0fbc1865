import type {AskedMappings} from '@minicontainer/engine';
import {quoted, refuse} from './refuse.ts';

type IdMapping = NonNullable<AskedMappings['uidMappings']>[number];

/** One range of `--uidmap` or `--gidmap`, `CONTAINER:HOST[:SIZE]`; the size is 1 unless said. */
export function parseIdMap(text: string, flag: string): IdMapping {
  const match = /^(\d+):(\d+)(?::(\d+))?$/.exec(text);
  const [containerID, hostID, size] = [match?.[1], match?.[2], match?.[3] ?? '1'].map(Number);
  if (containerID === undefined || hostID === undefined || size === undefined || match === null) {
    throw refuse(
      `${flag} ${quoted(text)} is not CONTAINER:HOST:SIZE`,
      `three numbers, as in ${flag} 0:1:1000; for a plain user HOST is 0 for its own id, from 1 on its subordinate ids`,
    );
  }
  return {containerID, hostID, size};
}

/** Mappings of `--uidmap` and `--gidmap` together. */
export function askedMappings(
  uidmap: readonly string[] = [],
  gidmap: readonly string[] = [],
): AskedMappings {
  return {
    ...(uidmap.length > 0 && {uidMappings: uidmap.map((text) => parseIdMap(text, '--uidmap'))}),
    ...(gidmap.length > 0 && {gidMappings: gidmap.map((text) => parseIdMap(text, '--gidmap'))}),
  };
}
