import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {ContainerCgroup} from './cgroup.ts';
import {readStats} from './stats.ts';
import {updateResources} from './update.ts';

// A directory with the files that Linux 6.1 has in a cgroup of v2, as they were read there.
const files = {
  'cgroup.controllers': 'cpuset cpu io memory pids\n',
  'cpu.max': '50000 100000\n',
  'cpu.stat':
    'usage_usec 123456\nuser_usec 100000\nsystem_usec 23456\ncore_sched.force_idle_usec 0\n' +
    'nr_periods 12\nnr_throttled 3\nthrottled_usec 4567\nnr_bursts 0\nburst_usec 0\n',
  'io.stat':
    '254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n' +
    '7:0 \n' +
    '8:16 rbytes=1 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n',
  'memory.current': '1048576\n',
  'memory.events': 'low 0\nhigh 0\nmax 15\noom 2\noom_kill 1\noom_group_kill 0\n',
  'memory.max': '67108864\n',
  'memory.stat': 'anon 4096\nfile 8192\ninactive_anon 0\nactive_anon 4096\ninactive_file 8192\n',
  'memory.swap.current': '0\n',
  'memory.swap.max': 'max\n',
  'pids.current': '3\n',
  'pids.max': '2048\n',
};

let directory: string;
let cgroup: ContainerCgroup;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'minicontainer-cgroup-'));
  cgroup = {version: 2, directory};
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
});
afterEach(() => rmSync(directory, {recursive: true}));

/** What was written over the beginning of a file: a cgroup's file takes it whole. */
function written(file: 'cpu.max' | 'memory.max', value: string): boolean {
  return readFileSync(join(directory, file), 'utf8').startsWith(value);
}

describe('readStats on v2', () => {
  it('tells what has been used in bytes, microseconds and numbers', () => {
    expect(readStats(cgroup)).toEqual({
      memory: {
        usageBytes: 1_048_576,
        limitBytes: 67_108_864,
        inactiveFileBytes: 8192,
        swapBytes: 0,
        oomKills: 1,
      },
      cpu: {
        usageMicroseconds: 123_456,
        userMicroseconds: 100_000,
        systemMicroseconds: 23_456,
        periods: 12,
        throttledPeriods: 3,
        throttledMicroseconds: 4567,
      },
      pids: {current: 3, limit: 2048},
      io: {
        '254:0': {readBytes: 4096, writtenBytes: 8192, reads: 1, writes: 2},
        '8:16': {readBytes: 1, writtenBytes: 0, reads: 1, writes: 0},
      },
    });
  });

  it('leaves out what no controller counts', () => {
    for (const file of ['memory.current', 'pids.current', 'io.stat']) rmSync(join(directory, file));
    expect(Object.keys(readStats(cgroup))).toEqual(['cpu']);
  });
});

describe('updateResources on v2', () => {
  it('leaves the quota as it is when only the period changes, and so the other way', () => {
    updateResources(cgroup, {cpu: {period: 200_000}});
    expect(written('cpu.max', '50000 200000')).toBe(true);
    updateResources(cgroup, {cpu: {quota: 70_000}});
    expect(written('cpu.max', '70000')).toBe(true);
  });

  it('refuses a limit below what is in use only where that is asked for', () => {
    const memory = {limit: 1_048_576, checkBeforeUpdate: true};
    expect(() => updateResources(cgroup, {memory})).toThrow(
      'linux.resources.memory.limit: the container uses 1048576 bytes, more than 1048576',
    );
    updateResources(cgroup, {memory: {limit: 1_048_577, checkBeforeUpdate: true}});
    expect(written('memory.max', '1048577')).toBe(true);
    updateResources(cgroup, {memory: {limit: 4096}});
    expect(written('memory.max', '4096')).toBe(true);
  });

  it('passes over a file that is not there where it would change nothing', () => {
    rmSync(join(directory, 'memory.swap.max'));
    updateResources(cgroup, {memory: {limit: 4096, swap: 4096}});
    expect(() => updateResources(cgroup, {memory: {limit: 4096, swap: 5000}})).toThrow(
      expect.objectContaining({
        message:
          'linux.resources.memory.swap cannot be set: the memory controller of this kernel has no memory.swap.max',
        hint: expect.stringContaining('swapaccount=1'),
      }),
    );
  });

  it('names a controller that is not enabled there', () => {
    const limits = [{pageSize: '2MB', limit: 0}];
    expect(() => updateResources(cgroup, {hugepageLimits: limits})).toThrow(
      expect.objectContaining({
        code: 'ERESOURCE',
        message: `linux.resources.hugepageLimits cannot be set: the hugetlb controller is not enabled in ${directory}`,
        hint: expect.stringContaining('cgroup.subtree_control'),
      }),
    );
  });
});
