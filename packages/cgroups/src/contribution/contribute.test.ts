import type {CgroupContribution, Operation} from '@minicontainer/plan';
import {describe, expect, test} from 'vitest';
import type {Placement} from '../placement/place.ts';
import {resourceWrites} from '../resources/writes.ts';
import {contributeCgroup} from './contribute.ts';
import type {CgroupRequest} from './request.ts';

const v2: Placement = {kind: 'v2', path: 'box', controllers: ['cpu', 'memory', 'pids', 'rdma']};
const v1: Extract<Placement, {kind: 'v1'}> = {
  kind: 'v1',
  path: 'outer/box',
  hierarchies: [
    {options: 'cpu,cpuacct', directory: 'cpu,cpuacct'},
    {options: 'cpuset', directory: 'cpuset'},
    {options: 'memory', directory: 'memory'},
    {options: '', directory: 'unified'},
  ],
  cpuset: {level: '', cpus: '0-3', mems: '0'},
};
const scope: Placement = {
  kind: 'scope',
  path: 'machine.slice/box.scope',
  unit: 'box.scope',
  slice: 'machine.slice',
  controllers: ['memory'],
  manager: {
    kind: 'system',
    busctl: '/usr/bin/busctl',
    address: 'unix:path=/run/dbus/system_bus_socket',
    cgroup: '/',
    controllers: ['memory'],
  },
};
const nothing: CgroupRequest = {writes: [], wishes: new Set()};

function memory(version: 1 | 2): CgroupRequest {
  const bytes = 1 << 26;
  return {
    writes: resourceWrites({memory: {limit: bytes}}, version),
    wishes: new Set(),
    memoryBytes: bytes,
  };
}

function words(operations: readonly Operation[] = []): string[] {
  return operations.map(({stage, op, args}) => [stage, op, ...Object.values(args)].join(' '));
}

function place(contribution: CgroupContribution | undefined, word: string): number {
  return words(contribution?.operations).findIndex((line) => line.includes(word));
}

describe('on v2', () => {
  test('the cgroup gets what there is of the usual controllers, and the container is cloned into it', () => {
    const made = contributeCgroup(v2, nothing);
    expect(made?.clonedInto).toBe('cgroup');
    expect(words(made?.operations)).toEqual([
      'prepare makeCgroup /sys/fs/cgroup box +cpu +memory +pids cgroup',
    ]);
    expect(words(made?.ending)).toEqual([
      'ending reportOutOfMemory /sys/fs/cgroup/box/memory.events',
      'ending removeCgroup /sys/fs/cgroup/box',
    ]);
  });

  test('limits are set before anything is in it, and the end tells the limit of memory', () => {
    const made = contributeCgroup(v2, memory(2));
    expect(words(made?.operations)).toContain('prepare writeCgroup cgroup memory.max 67108864');
    expect(made?.ending[0]?.why).toBe('a limit of 64 MiB');
  });

  test('a controller that is needed is handed on, and one that is not there is an error', () => {
    const rdma = {
      writes: resourceWrites({rdma: {x: {hcaHandles: 1}}}, 2),
      wishes: new Set<string>(),
    };
    expect(words(contributeCgroup(v2, rdma)?.operations)[0]).toContain('+rdma');
    expect(() => contributeCgroup(scope, rdma)).toThrow(
      expect.objectContaining({code: 'ECGROUP', message: expect.stringContaining('rdma')}),
    );
  });

  test('what nobody asked for is left out where it cannot be had', () => {
    const writes = resourceWrites({pids: {limit: 2048}}, 2);
    const wishes = new Set(writes.map(({asked}) => asked));
    expect(words(contributeCgroup(scope, {writes, wishes})?.operations).join()).not.toContain(
      'pids',
    );
    expect(
      contributeCgroup({kind: 'none', reason: 'r', fix: 'f'}, {writes, wishes}),
    ).toBeUndefined();
  });

  test('without a place a limit is an error that says why and what to do', () => {
    expect(() => contributeCgroup({kind: 'none', reason: 'because', fix: 'do'}, memory(2))).toThrow(
      expect.objectContaining({message: expect.stringMatching(/memory: because$/), hint: 'do'}),
    );
  });

  test('a device filter is loaded before anything is in the cgroup', () => {
    const made = contributeCgroup(v2, {...nothing, deviceFilter: [1, 2]});
    expect(words(made?.operations)).toContain('prepare loadDeviceFilter cgroup 1,2');
  });
});

test('a scope is divided: the supervisor leaves it before it hands controllers on', () => {
  const made = contributeCgroup(scope, memory(2));
  const order = ['startScope', 'makeCgroup /sys/fs/cgroup/machine.slice/box.scope supervisor'];
  order.push('enterCgroup supervisorMembers', 'box.scope container +memory', 'memory.max');
  const places = order.map((word) => place(made, word));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBe(0);
  expect(words(made?.operations)[0]).toContain('PIDs,au,1,$self');
});

describe('on v1', () => {
  const made = contributeCgroup(v1, memory(1));

  test('every hierarchy has a part, which the container enters itself', () => {
    for (const name of ['cpu,cpuacct', 'cpuset', 'memory']) {
      expect(words(made?.operations)).toContain(
        `prepare openMembers cgroup:${name} tasks cgroup:${name}/tasks`,
      );
      expect(words(made?.operations)).toContain(`build enterCgroup cgroup:${name}/tasks`);
    }
    expect(made?.ending.filter(({op}) => op === 'removeCgroup')).toHaveLength(4);
  });

  test('into the hierarchy of v2 it is cloned', () => {
    expect(made?.clonedInto).toBe('cgroup:unified');
  });

  test('limits go to the hierarchy of their controller', () => {
    expect(words(made?.operations)).toContain(
      'prepare writeCgroup cgroup:memory memory.limit_in_bytes 67108864',
    );
  });

  test('new levels of a cpuset are filled from the top down, those that were there are left alone', () => {
    const filled = (level: string) =>
      words(
        contributeCgroup({...v1, cpuset: {level, cpus: '0-3', mems: '0'}}, nothing)?.operations,
      ).filter((line) => line.includes('cpuset.cpus')).length;
    expect([filled(''), filled('outer')]).toEqual([2, 1]);
  });
});

test('a file that may be missing is passed over, or another takes its place', () => {
  const base = {controller: 'memory', value: '1', asked: 'x'};
  const writes = [
    {...base, file: 'a', ifMissing: 'ignore'},
    {...base, file: 'b', ifMissing: {file: 'c', value: '2'}},
  ] as const;
  const made = contributeCgroup(v2, {writes, wishes: new Set()});
  const [, first, second, third] = made?.operations ?? [];
  expect([first, second]).toMatchObject([{optional: ['ENOENT']}, {optional: ['ENOENT'], else: 1}]);
  expect(third).toMatchObject({op: 'writeCgroup', args: {file: 'c', data: '2'}});
});

describe('a scope around the container alone', () => {
  const alone = {...scope, around: 'container'} as const;

  test('is made around the keeper, and is limited itself, before the keeper goes on', () => {
    const made = contributeCgroup(alone, memory(2));
    expect(made?.clonedInto).toBeUndefined();
    expect(made?.location).toEqual({
      version: 2,
      directory: '/sys/fs/cgroup/machine.slice/box.scope',
    });
    expect(made?.unit).toMatchObject({name: 'box.scope'});
    const lines = words(made?.operations);
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'attach startScope',
      'attach makeCgroup',
      'attach writeCgroup',
    ]);
    expect(lines[0]).toContain(`MemoryMax,t,${1 << 26}`);
    expect(words(made?.ending)).toEqual([
      expect.stringContaining('reportOutOfMemory'),
      'ending removeCgroup /sys/fs/cgroup/machine.slice/box.scope',
    ]);
  });
});

test('where only a level below the top is the caller’s, nothing above it is touched', () => {
  const made = contributeCgroup({...v2, path: 'a/b/box', from: 'a'}, nothing);
  expect(words(made?.operations)[0]).toBe(
    'prepare makeCgroup /sys/fs/cgroup/a b/box +cpu +memory +pids cgroup',
  );
});

test('no limit, where there can be no cgroup, asks for none', () => {
  const none: Placement = {kind: 'none', reason: 'none mounted', fix: 'mount one'};
  const writes = resourceWrites({pids: {limit: -1}, memory: {limit: -1}}, 2);
  expect(contributeCgroup(none, {...nothing, writes})).toBeUndefined();
});
