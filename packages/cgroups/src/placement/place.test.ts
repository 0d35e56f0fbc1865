import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, test} from 'vitest';
import type {CgroupHost, SystemdManager} from './host.ts';
import {placeCgroup} from './place.ts';

const v2: CgroupHost = {
  layout: {version: 2},
  writable: true,
  occupied: false,
  controllers: ['cpu', 'memory', 'pids'],
};
const v1: CgroupHost = {
  layout: {version: 1, hierarchies: [{options: 'pids', directory: 'pids'}]},
  writable: true,
  occupied: false,
  controllers: [],
};
const manager: SystemdManager = {
  kind: 'user',
  busctl: '/usr/bin/busctl',
  address: 'unix:path=/run/user/1000/bus',
  cgroup: '/user.slice/user-1000.slice/user@1000.service',
  controllers: ['memory', 'pids'],
};
const name = 'minicontainer-abc';

describe('a cgroup is', () => {
  test('at the top where nobody else owns the tree', () => {
    expect(placeCgroup(v2, {name})).toMatchObject({kind: 'v2', path: 'minicontainer-abc'});
    expect(placeCgroup(v1, {name})).toMatchObject({kind: 'v1', path: 'minicontainer-abc'});
  });

  test('in a parent that was named, from the top', () => {
    for (const parent of ['/a/b', 'a/b', '/a//b/']) {
      expect(placeCgroup(v2, {name, parent})).toMatchObject({path: 'a/b/minicontainer-abc'});
    }
  });

  test('in a scope where systemd owns the tree, writable or not', () => {
    expect(placeCgroup({...v2, writable: false, systemd: manager}, {name})).toMatchObject({
      kind: 'scope',
      path: 'user.slice/user-1000.slice/user@1000.service/user.slice/minicontainer-abc.scope',
      slice: 'user.slice',
      controllers: ['memory', 'pids'],
    });
    const system = {...manager, kind: 'system', cgroup: '/'} as const;
    expect(placeCgroup({...v2, systemd: system}, {name})).toMatchObject({
      path: 'machine.slice/minicontainer-abc.scope',
    });
  });

  test('in the slices that a slice lies in', () => {
    const system = {...manager, kind: 'system', cgroup: '/'} as const;
    expect(placeCgroup({...v2, systemd: system}, {name, parent: 'a-b-c.slice'})).toMatchObject({
      path: 'a.slice/a-b.slice/a-b-c.slice/minicontainer-abc.scope',
    });
    expect(placeCgroup({...v2, systemd: system}, {name, parent: '-.slice'})).toMatchObject({
      path: 'minicontainer-abc.scope',
    });
  });

  test('where a path says, past systemd, if the caller may', () => {
    const host = {...v2, systemd: manager};
    expect(placeCgroup(host, {name, parent: '/x'})).toMatchObject({kind: 'v2'});
    expect(placeCgroup({...host, writable: false}, {name, parent: '/x'})).toMatchObject({
      kind: 'none',
    });
  });
});

describe('there is none, with what to do,', () => {
  test.each<[string, CgroupHost, RegExp, boolean?]>([
    ['when it is not wanted', v2, /disabled/, true],
    ['without a hierarchy', {...v2, layout: {version: 0}}, /no cgroups are mounted/],
    ['for a plain user of v1', {...v1, writable: false}, /only root may/],
    ['for a plain user of v2 without systemd', {...v2, writable: false}, /may make no cgroups/],
    ['where processes are at the edge of a namespace', {...v2, occupied: true}, /processes are in/],
  ])('%s', (_, host, reason, disabled = false) => {
    const placement = placeCgroup(host, {name, disabled});
    expect(placement).toMatchObject({kind: 'none', reason: expect.stringMatching(reason)});
    expect(placement).toHaveProperty('fix', expect.stringMatching(/./));
  });
});

test.each(['', '/', 'a/../b', '..', './a', 'a\nb', 'a--b.slice', '.slice', 'x/y.slice'])(
  '%j is no parent',
  (parent) => {
    const host = {...v2, systemd: {...manager, kind: 'system', cgroup: '/'}} as const;
    expect(() => placeCgroup(host, {name, parent})).toThrow(MinicontainerError);
  },
);

test('a slice without systemd is an error that names the other way', () => {
  expect(() => placeCgroup(v2, {name, parent: 'a.slice'})).toThrow(/systemd, which is not here/);
});

describe('a driver that is asked for', () => {
  const system = {...manager, kind: 'system', cgroup: '/'} as const;

  test('is none of systemd, even where it runs', () => {
    const host = {...v2, systemd: system};
    expect(placeCgroup(host, {name, driver: 'cgroupfs'})).toMatchObject({kind: 'v2'});
    const below = {name, parent: '/machine.slice', driver: 'cgroupfs'} as const;
    expect(placeCgroup(host, below)).toMatchObject({kind: 'v2', path: `machine.slice/${name}`});
  });

  test('is systemd, whose scope is around the container alone', () => {
    const driver = {slice: 'a-b.slice'};
    expect(placeCgroup({...v2, systemd: system}, {name, driver})).toMatchObject({
      kind: 'scope',
      around: 'container',
      path: `a.slice/a-b.slice/${name}.scope`,
    });
    expect(() => placeCgroup(v2, {name, driver})).toThrow(/systemd not running on this host/);
  });

  test('makes cgroups from the level on that is the caller’s', () => {
    const host = {...v2, writable: false, writableFrom: 'a'};
    expect(placeCgroup(host, {name, parent: '/a/b', driver: 'cgroupfs'})).toMatchObject({
      kind: 'v2',
      from: 'a',
      path: `a/b/${name}`,
    });
  });
});
