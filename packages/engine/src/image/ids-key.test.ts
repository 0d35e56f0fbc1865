import {describe, expect, it} from 'vitest';
import type {Caller} from '../ids/caller.ts';
import {layerIds} from './ids-key.ts';

const map = (containerID: number, hostID: number, size: number) => ({containerID, hostID, size});
const own = [map(0, 1000, 1)];
const some = [...own, map(1, 100_000, 65_536)];
const user: Caller = {uid: 1000, gid: 1000, name: 'me', rank: 'user', uids: some, gids: some};
const single: Caller = {...user, uids: own, gids: own};
const root: Caller = {uid: 0, gid: 0, rank: 'root', uids: [], gids: []};

describe('layers of root', () => {
  it.each([undefined, 'auto', 'host', 'nomap'] as const)(
    'are the same with --userns %s: a mount shifts their owners',
    (choice) => {
      expect(layerIds(choice, root)).toEqual({key: ''});
    },
  );
});

describe('layers of a plain user', () => {
  it('are those of its ids', () => {
    expect(layerIds(undefined, user).userNamespace).toEqual({uidMappings: some, gidMappings: some});
  });

  it('have a key that a file can be named by, the same each time', () => {
    const {key} = layerIds(undefined, user);
    expect(key).toMatch(/^-[0-9a-f]{16}$/);
    expect(layerIds('auto', user).key).toBe(key);
  });

  it('are others for each choice of ids, and for other ids', () => {
    const moved = {...user, uids: [...own, map(1, 200_000, 65_536)]};
    const keys = [
      layerIds('auto', user),
      layerIds('keep-id', user),
      layerIds('nomap', user),
      layerIds('auto', single),
      layerIds('auto', moved),
    ].map(({key}) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
