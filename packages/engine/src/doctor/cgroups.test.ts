import type {Placement, SystemdManager} from '@minicontainer/cgroups';
import {describe, expect, test} from 'vitest';
import {judgeControllers, judgeDevices, judgeLayout, judgePlacement, judgeSwap} from './cgroups.ts';

const manager: SystemdManager = {
  kind: 'user',
  busctl: '/usr/bin/busctl',
  address: 'unix:path=/run/user/1000/bus',
  cgroup: '/user.slice',
  controllers: ['memory', 'pids'],
};
const all = ['cpuset', 'cpu', 'io', 'memory', 'pids'];
const v1: Extract<Placement, {kind: 'v1'}> = {
  kind: 'v1',
  path: 'x',
  hierarchies: ['memory', 'cpu,cpuacct', 'pids', 'blkio', 'cpuset', 'devices'].map((options) => ({
    options,
    directory: options,
  })),
};
const v2: Extract<Placement, {kind: 'v2'}> = {kind: 'v2', path: 'x', controllers: all};
const scope: Extract<Placement, {kind: 'scope'}> = {
  kind: 'scope',
  path: 'x',
  unit: 'x.scope',
  slice: 'user.slice',
  controllers: manager.controllers,
  manager,
};
const none: Placement = {kind: 'none', reason: 'only root may', fix: 'be root'};

test('the version is told, and that nothing is mounted', () => {
  expect(judgeLayout({version: 2})).toEqual({name: 'cgroups', ok: true, found: 'version 2'});
  expect(judgeLayout({version: 0})).toMatchObject({ok: 'warn'});
});

describe('a cgroup', () => {
  test('that there is none of is told with why, with what is not limited, and what to do', () => {
    expect(judgePlacement(none)).toMatchObject({
      ok: 'warn',
      found: expect.stringMatching(/^only root may: nothing limits .*memory/),
      fix: 'be root',
    });
  });

  test('is told by who makes it', () => {
    expect(judgePlacement(scope).found).toBe('a scope in user.slice, made by systemd of the user');
    expect(judgePlacement(v1)).toMatchObject({ok: true});
  });
});

describe('controllers', () => {
  test.each([
    ['v1', v1],
    ['v2', v2],
  ] as const)('of %s are named as v2 names them', (_, placement) => {
    expect(judgeControllers(placement)).toEqual([
      {name: 'controllers', ok: true, found: 'memory cpu pids io cpuset'},
    ]);
  });

  test('that are not delegated are told with the limit that fails', () => {
    const checks = judgeControllers(scope);
    expect(checks.map(({name, ok}) => [name, ok])).toEqual([
      ['controllers', true],
      ['controller cpu', 'warn'],
      ['controller io', 'warn'],
      ['controller cpuset', 'warn'],
    ]);
    expect(checks[1]).toMatchObject({
      found: 'not there: no --cpus',
      fix: expect.stringMatching(/Delegate=cpu .*log in anew$/),
    });
  });

  test('that the kernel itself lacks are told apart from those that are not delegated', () => {
    const [, io] = judgeControllers({...v2, controllers: all.filter((name) => name !== 'io')});
    expect(io).toMatchObject({
      name: 'controller io',
      fix: expect.stringMatching(/cgroup_disable=io/),
    });
  });

  test('that are not mounted are told with how to', () => {
    const [, io] = judgeControllers({
      ...v1,
      hierarchies: v1.hierarchies.filter(({options}) => options !== 'blkio'),
    });
    expect(io?.fix).toBe(
      'as root: mkdir /sys/fs/cgroup/blkio && mount -t cgroup -o blkio cgroup /sys/fs/cgroup/blkio',
    );
  });
});

test.each([
  [true, true, true],
  [true, false, 'warn'],
  [false, false, true],
  [true, undefined, true],
])('swap, in use %s, counted %s: %s', (used, counted, ok) => {
  expect(judgeSwap({used, counted}).ok).toBe(ok);
});

describe('the device filter', () => {
  test.each<[string, Placement, number, boolean, boolean | 'warn']>([
    ['is not needed by a plain user', none, 1000, false, true],
    ['is missed by root without a cgroup', none, 0, true, 'warn'],
    ['is the devices cgroup of v1', v1, 0, false, true],
    ['is missed where v1 has none', {...v1, hierarchies: []}, 0, true, 'warn'],
    ['is eBPF on v2', v2, 0, true, true],
    ['is missed on v2 without bpf(2)', v2, 0, false, 'warn'],
  ])('%s', (_, placement, uid, bpf, ok) => {
    const check = judgeDevices(placement, {uid, bpf});
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok === true);
  });
});
