import type {Resources} from '@minicontainer/spec';
import {describe, expect, it} from 'vitest';
import {cpuWeight} from './cpu.ts';
import {inheritedFiles, resourceWrites} from './writes.ts';

const mebibyte = 1 << 20;
const disk = {major: 8, minor: 0};

describe('resourceWrites', () => {
  it.each<[string, Resources, string[], string[]]>([
    ['nothing asks for nothing', {}, [], []],
    [
      'zeros of runc that stand for nothing',
      {
        memory: {limit: 0, swap: 0, reservation: 0, kernel: 0, disableOOMKiller: false},
        cpu: {shares: 0, quota: 0, period: 0, realtimePeriod: 0, cpus: '', mems: ''},
        blockIO: {weight: 0, leafWeight: 0},
        network: {classID: 0, priorities: []},
      },
      [],
      [],
    ],
    [
      'a limit of memory',
      {memory: {limit: 64 * mebibyte}},
      ['memory.limit_in_bytes 67108864'],
      ['memory.max 67108864'],
    ],
    [
      'memory with swap',
      {memory: {limit: 64 * mebibyte, swap: 96 * mebibyte}},
      ['memory.limit_in_bytes 67108864', 'memory.memsw.limit_in_bytes 100663296'],
      ['memory.swap.max 33554432', 'memory.max 67108864'],
    ],
    [
      'memory without swap',
      {memory: {limit: 64 * mebibyte, swap: 64 * mebibyte}},
      ['memory.limit_in_bytes 67108864', 'memory.memsw.limit_in_bytes 67108864 or not'],
      ['memory.swap.max 0 or not', 'memory.max 67108864'],
    ],
    [
      'twice the memory, which nobody need have asked for',
      {memory: {limit: mebibyte, swap: 2 * mebibyte}},
      ['memory.limit_in_bytes 1048576', 'memory.memsw.limit_in_bytes 2097152 or not'],
      ['memory.swap.max 1048576 or not', 'memory.max 1048576'],
    ],
    [
      'memory with all swap',
      {memory: {limit: 64 * mebibyte, swap: -1}},
      ['memory.limit_in_bytes 67108864', 'memory.memsw.limit_in_bytes -1 or not'],
      ['memory.swap.max max or not', 'memory.max 67108864'],
    ],
    [
      'no limit of memory, and so none of swap',
      {memory: {limit: -1}},
      ['memory.limit_in_bytes -1', 'memory.memsw.limit_in_bytes -1 or not'],
      ['memory.swap.max max or not', 'memory.max max'],
    ],
    [
      'swap alone where memory has no limit',
      {memory: {limit: -1, swap: mebibyte}},
      ['memory.limit_in_bytes -1', 'memory.memsw.limit_in_bytes 1048576'],
      ['memory.swap.max 1048576', 'memory.max max'],
    ],
    [
      'a number that JavaScript would print otherwise',
      {memory: {limit: 2 ** 63}},
      ['memory.limit_in_bytes 9223372036854775808'],
      ['memory.max 9223372036854775808'],
    ],
    [
      'a reservation',
      {memory: {reservation: 32 * mebibyte}},
      ['memory.soft_limit_in_bytes 33554432'],
      ['memory.low 33554432'],
    ],
    ['shares', {cpu: {shares: 512}}, ['cpu.shares 512'], ['cpu.weight 59']],
    [
      'a quota and its period',
      {cpu: {quota: 50_000, period: 200_000}},
      ['cpu.cfs_period_us 200000', 'cpu.cfs_quota_us 50000'],
      ['cpu.max 50000 200000'],
    ],
    ['a quota alone', {cpu: {quota: 50_000}}, ['cpu.cfs_quota_us 50000'], ['cpu.max 50000']],
    [
      'a period alone',
      {cpu: {period: 200_000}},
      ['cpu.cfs_period_us 200000'],
      ['cpu.max max 200000'],
    ],
    ['no quota', {cpu: {quota: -1}}, ['cpu.cfs_quota_us -1'], ['cpu.max max']],
    [
      'a burst, behind the quota that it may not exceed',
      {cpu: {burst: 10_000, quota: 50_000, period: 100_000}},
      ['cpu.cfs_period_us 100000', 'cpu.cfs_quota_us 50000', 'cpu.cfs_burst_us 10000 or not'],
      ['cpu.max 50000 100000', 'cpu.max.burst 10000'],
    ],
    [
      'a cgroup that idles, behind its shares',
      {cpu: {idle: 1, shares: 2}},
      ['cpu.shares 2', 'cpu.idle 1'],
      ['cpu.weight 1', 'cpu.idle 1'],
    ],
    [
      'CPUs and memory nodes, before all else',
      {memory: {limit: mebibyte}, cpu: {cpus: '0-1,3', mems: '0'}},
      ['cpuset.cpus 0-1,3', 'cpuset.mems 0', 'memory.limit_in_bytes 1048576'],
      ['cpuset.cpus 0-1,3', 'cpuset.mems 0', 'memory.max 1048576'],
    ],
    ['tasks', {pids: {limit: 64}}, ['pids.max 64'], ['pids.max 64']],
    ['no limit of tasks', {pids: {limit: -1}}, ['pids.max max'], ['pids.max max']],
    ['no task but the first', {pids: {limit: 0}}, ['pids.max 1'], ['pids.max 1']],
    ['a limit of tasks left out', {pids: {}}, [], []],
    [
      'a weight',
      {blockIO: {weight: 500}},
      ['blkio.weight 500 or blkio.bfq.weight 500'],
      ['io.bfq.weight 500 or io.weight 4950'],
    ],
    [
      'the least and the largest weight',
      {
        blockIO: {
          weight: 10,
          weightDevice: [{...disk, weight: 1000}, disk],
        },
      },
      [
        'blkio.weight 10 or blkio.bfq.weight 10',
        'blkio.weight_device 8:0 1000 or blkio.bfq.weight_device 8:0 1000',
      ],
      ['io.bfq.weight 10 or io.weight 1', 'io.bfq.weight 8:0 1000 or io.weight 8:0 10000'],
    ],
    [
      'rates, on v2 in one line for each device',
      {
        blockIO: {
          throttleReadBpsDevice: [
            {...disk, rate: 1000},
            {major: 259, minor: 1, rate: 5},
          ],
          throttleWriteBpsDevice: [{...disk, rate: 2000}],
          throttleReadIOPSDevice: [{...disk, rate: 0}],
          throttleWriteIOPSDevice: [{...disk, rate: 4}],
        },
      },
      [
        'blkio.throttle.read_bps_device 8:0 1000',
        'blkio.throttle.read_bps_device 259:1 5',
        'blkio.throttle.write_bps_device 8:0 2000',
        'blkio.throttle.read_iops_device 8:0 0',
        'blkio.throttle.write_iops_device 8:0 4',
      ],
      ['io.max 8:0 rbps=1000 wbps=2000 riops=max wiops=4', 'io.max 259:1 rbps=5'],
    ],
    [
      'huge pages',
      {hugepageLimits: [{pageSize: '2MB', limit: 4 * mebibyte}]},
      ['hugetlb.2MB.limit_in_bytes 4194304', 'hugetlb.2MB.rsvd.limit_in_bytes 4194304 or not'],
      ['hugetlb.2MB.max 4194304', 'hugetlb.2MB.rsvd.max 4194304 or not'],
    ],
    [
      'rdma',
      {rdma: {mlx5_1: {hcaHandles: 3, hcaObjects: 10_000}, mlx4_0: {hcaObjects: 0}}},
      ['rdma.max mlx5_1 hca_handle=3 hca_object=10000', 'rdma.max mlx4_0 hca_object=0'],
      ['rdma.max mlx5_1 hca_handle=3 hca_object=10000', 'rdma.max mlx4_0 hca_object=0'],
    ],
  ])('%s', (_, resources, v1, v2) => {
    expect(linesOf(resources, 1)).toEqual(v1);
    expect(linesOf(resources, 2)).toEqual(v2);
  });

  it.each<[string, Resources, string[], string]>([
    ['kernel memory', {memory: {kernel: 1}}, ['memory.kmem.limit_in_bytes 1 or not'], 'memory'],
    [
      'memory of sockets',
      {memory: {kernelTCP: 1}},
      ['memory.kmem.tcp.limit_in_bytes 1 or not'],
      'memory',
    ],
    ['swappiness', {memory: {swappiness: 0}}, ['memory.swappiness 0'], 'memory'],
    ['no OOM killer', {memory: {disableOOMKiller: true}}, ['memory.oom_control 1'], 'memory'],
    [
      'real time',
      {cpu: {realtimePeriod: 1000, realtimeRuntime: 500}},
      ['cpu.rt_period_us 1000', 'cpu.rt_runtime_us 500'],
      'cpu',
    ],
    ['a leaf weight', {blockIO: {leafWeight: 20}}, ['blkio.leaf_weight 20'], 'io'],
    [
      'a leaf weight of a device',
      {blockIO: {weightDevice: [{...disk, leafWeight: 20}]}},
      ['blkio.leaf_weight_device 8:0 20'],
      'io',
    ],
    ['a class of packets', {network: {classID: 1048577}}, ['net_cls.classid 1048577'], 'net_cls'],
    [
      'priorities of packets',
      {network: {priorities: [{name: 'eth0', priority: 5}]}},
      ['net_prio.ifpriomap eth0 5'],
      'net_prio',
    ],
  ])('only v1 has %s', (_, resources, v1, controller) => {
    expect(linesOf(resources, 1)).toEqual(v1);
    expect(() => resourceWrites(resources, 2)).toThrow(
      new RegExp(`the ${controller} controller of cgroup v2 has nothing for it`),
    );
  });

  it('writes files of v2 last and as they are, a line at a time', () => {
    const unified = {'memory.high': 'max', 'io.max': '8:0 rbps=1\n8:16 rbps=2\n', 'misc.max': ''};
    expect(linesOf({pids: {limit: 1}, unified}, 2)).toEqual([
      'pids.max 1',
      'memory.high max',
      'io.max 8:0 rbps=1',
      'io.max 8:16 rbps=2',
    ]);
    expect(resourceWrites({unified}, 2).map(({controller}) => controller)).toEqual([
      'memory',
      'io',
      'io',
    ]);
    expect(linesOf({unified: {}}, 1)).toEqual([]);
    expect(() => resourceWrites({unified}, 1)).toThrow(/files of cgroup v2 .* are not there on v1/);
  });

  it.each([
    '',
    '.',
    '..',
    'memory',
    'memory.',
    '.max',
    'memory..max',
    '../memory.max',
    'a/memory.max',
    'memory.max/..',
    'memory.max\0',
    'memory.max\n',
    'Memory.max',
  ])('a file of v2 is not called %j', (file) => {
    expect(() => resourceWrites({unified: {[file]: '1'}}, 2)).toThrow(/is no name of a file/);
  });

  it.each<[Resources, 1 | 2, string]>([
    [{memory: {limit: 2, swap: 1}}, 1, 'less than the 2 of memory alone'],
    [{memory: {limit: 2, swap: 1}}, 2, 'less than the 2 of memory alone'],
    [{memory: {swap: 1}}, 2, 'swap can only be limited together with memory'],
    [{memory: {limit: -2}}, 2, '-2 is no integer from -1 on'],
    [{memory: {limit: 1.5}}, 1, '1.5 is no integer from -1 on'],
    [{memory: {limit: Number.NaN, reservation: Infinity}}, 1, 'Infinity is no integer'],
    [{memory: {swappiness: 101}}, 1, '101 is not from 0 to 100'],
    [{cpu: {shares: 1}}, 1, '1 is not from 2 to 262144'],
    [{cpu: {shares: 262_145}}, 1, '262145 is not from 2 to 262144'],
    [{cpu: {cpus: '0\n'}}, 1, 'is no list like 0-3,7'],
    [{cpu: {mems: 'all'}}, 2, 'is no list like 0-3,7'],
    [{blockIO: {weight: 9}}, 2, 'the weight 9 is not from 10 to 1000'],
    [{blockIO: {weightDevice: [{...disk, weight: 1001}]}}, 1, 'the weight 1001'],
    [{hugepageLimits: [{pageSize: '../2MB', limit: 1}]}, 2, 'is no page size'],
    [{network: {priorities: [{name: 'eth0 1\neth1', priority: 1}]}}, 1, 'is no interface'],
    [{rdma: {'a b': {hcaHandles: 1}}}, 2, 'is no name of a device'],
    [{rdma: {a: {}}}, 2, 'has no limit'],
  ])('%j on v%i: %s', (resources, version, message) => {
    const refused = expect.objectContaining({
      name: 'MinicontainerError',
      code: 'ERESOURCE',
      message: expect.stringContaining(message),
    });
    expect(() => resourceWrites(resources, version)).toThrow(refused);
  });

  it('every write says which field asks for it', () => {
    const resources = {memory: {limit: -1}, cpu: {quota: 1, period: 2, cpus: '0'}};
    expect(resourceWrites(resources, 2).map(({asked}) => asked)).toEqual([
      'linux.resources.cpu.cpus',
      'linux.resources.memory.swap',
      'linux.resources.memory.limit',
      'linux.resources.cpu.quota, linux.resources.cpu.period',
    ]);
  });
});

describe('cpuWeight', () => {
  // The ends and the usual are those of runc's own test; all of 0 to 262200 were compared with crun's C.
  it.each([
    [2, 1],
    [3, 2],
    [4, 2],
    [8, 3],
    [100, 17],
    [512, 59],
    [1024, 100],
    [2048, 174],
    [262_143, 10_000],
    [262_144, 10_000],
    [1_000_000, 10_000],
  ])('%i shares weigh %i', (shares, weight) => {
    expect(cpuWeight(shares)).toBe(weight);
  });
});

describe('inheritedFiles', () => {
  it.each<[Resources, string[]]>([
    [{}, ['cpuset.cpus', 'cpuset.mems']],
    [{cpu: {cpus: '0'}}, ['cpuset.mems']],
    [{cpu: {cpus: '0', mems: '0'}}, []],
  ])('of %j: %j', (resources, files) => {
    expect(inheritedFiles(resources).map(({file}) => file)).toEqual(files);
  });
});

function linesOf(resources: Resources, version: 1 | 2): string[] {
  return resourceWrites(resources, version).map(({file, value, ifMissing}) => {
    const line = `${file} ${value}`;
    if (ifMissing === undefined) return line;
    return ifMissing === 'ignore'
      ? `${line} or not`
      : `${line} or ${ifMissing.file} ${ifMissing.value}`;
  });
}
