import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {toJson} from './json.ts';
import {countOutOfMemory, readUsage} from './usage.ts';

const directory = mkdtempSync(join(tmpdir(), 'minicontainer-usage-'));
afterAll(() => rmSync(directory, {recursive: true}));

const files = {
  'cpu.stat': 'usage_usec 12\nuser_usec 10\nsystem_usec 2\nnr_periods 4\nnr_throttled 1\n',
  'memory.current': '4096\n',
  'memory.max': '8192\n',
  'memory.swap.current': '1024\n',
  'memory.swap.max': '2048\n',
  'memory.stat': 'anon 7\nfile 4000\n',
  'memory.events': 'low 0\nhigh 0\nmax 3\noom 2\noom_kill 1\n',
  'pids.current': '2\n',
  'pids.max': 'max\n',
  'io.stat': '8:0 rbytes=10 wbytes=0 rios=3 wios=4 dbytes=0 dios=0\n7:0 \n',
  'hugetlb.2MB.current': '0\n',
  'hugetlb.2MB.events': 'max 5\n',
};

test('what v2 counts is told in the words of v1, as runc does', () => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const {cpu, memory, pids, blkio, hugetlb} = JSON.parse(
    toJson(readUsage({version: 2, directory})),
  );
  expect(cpu).toEqual({
    usage: {total: 12_000, kernel: 2000, user: 10_000},
    throttling: {periods: 4, throttledPeriods: 1},
  });
  expect(memory).toEqual({
    cache: 4000,
    usage: {limit: 8192, usage: 4096, failcnt: 3},
    swap: {limit: 10_240, usage: 5120, failcnt: 0},
    kernel: {limit: 0, failcnt: 0},
    kernelTCP: {limit: 0, failcnt: 0},
    raw: {anon: 7, file: 4000},
  });
  expect(pids).toEqual({current: 2});
  expect(blkio).toEqual({
    ioServiceBytesRecursive: [
      {major: 8, op: 'Read', value: 10},
      {major: 8, op: 'Write'},
    ],
    ioServicedRecursive: [
      {major: 8, op: 'Read', value: 3},
      {major: 8, op: 'Write', value: 4},
    ],
  });
  expect(hugetlb).toEqual({'2MB': {failcnt: 5}});
  expect(countOutOfMemory({version: 2, directory})).toBe(1n);
});

test('no limit is the largest number of 64 bits, whole', () => {
  writeFileSync(join(directory, 'memory.max'), 'max\n');
  expect(toJson(readUsage({version: 2, directory}))).toContain('"limit":18446744073709551615');
});

test('without a cgroup there is nothing to tell, in the same shape', () => {
  expect(JSON.parse(toJson(readUsage(undefined)))).toMatchObject({
    cpu: {usage: {kernel: 0, user: 0}, throttling: {}},
    pids: {},
    network_interfaces: null,
  });
});
