import type {IdMapping, Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import type {HostFacts} from './host.ts';
import {compileIdMaps, ownerOf} from './id-maps.ts';

const user: HostFacts = {
  uid: 1000,
  gid: 100,
  capabilities: 0n,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {uid: '/bin/newuidmap', gid: '/bin/newgidmap'},
};
const map = (containerID: number, hostID: number, size: number): IdMapping => ({
  containerID,
  hostID,
  size,
});

function compiled(uidMappings: IdMapping[], gidMappings: IdMapping[], host = user): string[] {
  const spec: Spec = {ociVersion: '1.2.0', root: {path: '/'}, linux: {uidMappings, gidMappings}};
  return compileIdMaps(spec, host).map((some) =>
    some.op === 'runMapper' ? some.args.argv.join(' ') : describeOperation(some),
  );
}

describe('id maps', () => {
  test('of the caller’s own ids are written by itself, by whatever number inside', () => {
    expect(compiled([map(7, 1000, 1)], [map(8, 100, 1)])).toEqual([
      'writeProcess file=setgroups data=deny',
      expect.stringMatching(/file=gid_map data="?8 100 1/),
      expect.stringMatching(/file=uid_map data="?7 1000 1/),
    ]);
  });

  test('of other ids are written by the programs that may, each for itself', () => {
    const more = [map(0, 5000, 10)];
    expect(compiled(more, more)).toEqual([
      '/bin/newgidmap $keeper 0 5000 10',
      '/bin/newuidmap $keeper 0 5000 10',
    ]);
    expect(compiled([map(0, 1000, 1)], more)[1]).toMatch(/file=uid_map/);
    expect(compiled(more, [map(0, 100, 1)])).toEqual([
      'writeProcess file=setgroups data=deny',
      expect.stringMatching(/file=gid_map/),
      '/bin/newuidmap $keeper 0 5000 10',
    ]);
  });

  test('of root of a user namespace are written by itself; with one id it gives up groups', () => {
    const nested = {...user, uid: 0, gid: 0, nested: true};
    expect(compiled([map(0, 0, 10)], [map(0, 0, 10)], nested)).toHaveLength(2);
    const single = compiled([map(0, 0, 1)], [map(0, 0, 1)], nested);
    expect(single[0]).toContain('file=setgroups');
  });
});

test('what is made belongs to root, or to the first id where there is no root', () => {
  expect(ownerOf([map(5, 1, 1), map(0, 2, 1)])).toBe(0);
  expect(ownerOf([map(1000, 1, 1), map(1001, 2, 5)])).toBe(1000);
});
