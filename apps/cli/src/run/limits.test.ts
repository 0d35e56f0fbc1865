import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RunOptions} from '@minicontainer/engine';
import {describe, expect, it} from 'vitest';
import {RunCommand} from '../commands/run.ts';
import {parseCommand} from '../program/parse.ts';
import {UsageError} from '../program/usage.ts';
import {limitOptions} from './limits.ts';
import type {Machine} from './machine.ts';
import {resourceOptions} from './resources.ts';

interface DockerLine {
  readonly argv: readonly string[];
  /** What is not at rest in the HostConfig that `docker create` sends. */
  readonly docker?: HostConfig;
  readonly error?: string;
}

interface HostConfig {
  readonly Memory?: number;
  readonly MemorySwap?: number;
  readonly MemoryReservation?: number;
  readonly MemorySwappiness?: number;
  readonly OomKillDisable?: boolean;
  readonly NanoCpus?: number;
  readonly CpuShares?: number;
  readonly CpuQuota?: number;
  readonly CpuPeriod?: number;
  readonly CpuRealtimeRuntime?: number;
  readonly CpuRealtimePeriod?: number;
  readonly CpusetCpus?: string;
  readonly CpusetMems?: string;
  readonly PidsLimit?: number;
  readonly BlkioWeight?: number;
  readonly BlkioWeightDevice?: readonly {readonly Path: string; readonly Weight: number}[];
  readonly BlkioDeviceReadBps?: readonly Rate[];
  readonly BlkioDeviceWriteBps?: readonly Rate[];
  readonly BlkioDeviceReadIOps?: readonly Rate[];
  readonly BlkioDeviceWriteIOps?: readonly Rate[];
  readonly ShmSize?: number;
  readonly OomScoreAdj?: number;
  readonly Ulimits?: readonly {
    readonly Name: string;
    readonly Soft: number;
    readonly Hard: number;
  }[];
  readonly CgroupParent?: string;
  readonly CgroupnsMode?: 'host' | 'private';
}

interface Rate {
  readonly Path: string;
  readonly Rate: number;
}

const lines: DockerLine[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../argv/docker-limits.json'), 'utf8'),
);

const numbers = new Map([
  ['/dev/null', {major: 1, minor: 3}],
  ['/dev/zero', {major: 1, minor: 5}],
]);
const machine: Machine = {
  cpus: () => 4,
  online: (kind) => (kind === 'cpu' ? '0-3' : '0'),
  blockDevice: (path) => numbers.get(path),
};

function limits(...argv: readonly string[]) {
  const command = parseCommand(RunCommand, argv);
  if (command === undefined) throw new Error('it asks for help');
  return {...resourceOptions(command, machine), ...limitOptions(command)};
}

/** Docker's client sends these; its daemon refuses them, or the kernel does. */
const refusedLater = new Map([
  ['--cpus 0.000000001', /is not from 0.01 to 4/],
  ['--cpuset-cpus x', /is no list/],
  ['--oom-score-adj 1001', /is not a whole number from -1000 to 1000/],
]);
/** Podman takes `unlimited`; where a limit is there by default, no limit must be said. */
const otherwise = ['--ulimit nofile=unlimited', '--pids-limit 0'];

describe('the flags that limit', () => {
  it.each(lines)('run $argv', ({argv, docker}) => {
    const line = argv.slice(0, -1).join(' ');
    const refused = refusedLater.get(line);
    if (otherwise.includes(line)) return;
    if (docker === undefined || refused !== undefined) {
      expect(() => limits(...argv)).toThrow(UsageError);
      if (refused !== undefined) expect(() => limits(...argv)).toThrow(refused);
      return;
    }
    expect(limits(...argv)).toEqual(asDaemon(docker));
  });

  it.each<[string, RunOptions['resources']]>([
    ['-m 64m', {memory: {limit: 67_108_864, swap: 134_217_728}}],
    ['-m 64m --memory-swap 64m', {memory: {limit: 67_108_864, swap: 67_108_864}}],
    ['--cpus 4', {cpu: {quota: 400_000, period: 100_000}}],
    ['--cpu-quota 5000 --cpu-period 10000', {cpu: {quota: 5000, period: 10_000}}],
    [
      '--cgroup-conf memory.high=max --cgroup-conf a=b=c',
      {unified: {'memory.high': 'max', a: 'b=c'}},
    ],
    ['--cgroup-conf memory.high=', {unified: {'memory.high': ''}}],
    ['--pids-limit 0', {pids: {limit: -1}}],
    ['--cpuset-cpus 0,2-3', {cpu: {cpus: '0,2-3'}}],
  ])('%s', (line, resources) => {
    expect(limits(...line.split(' '), 'a')).toEqual({resources});
  });

  it.each([
    ['-m 5m', /less than a container can live with/],
    ['--memory-reservation 5m', /less than a container can live with/],
    ['-m 64m --memory-reservation 65m', /--memory is less than --memory-reservation/],
    ['-m 64m --memory-swap 63m', /--memory-swap 63m is less than --memory/],
    ['--memory-swap 64m', /--memory-swap needs --memory/],
    ['--memory-swappiness 101', /from -1 to 100/],
    ['--cpus 5', /--cpus 5 is not from 0.01 to 4/],
    ['--cpus -1', /is no number of CPUs/],
    ['--cpus 1/0', /is no number of CPUs/],
    ['--cpus 1 --cpu-quota 1000', /--cpus and --cpu-quota contradict/],
    ['--cpus 1 --cpu-period 1000', /--cpus and --cpu-period contradict/],
    ['--cpu-period 999', /is not from 1000 to 1000000/],
    ['--cpu-period 1000001', /is not from 1000 to 1000000/],
    ['--cpu-quota 999', /is less than 1000/],
    ['--cpu-rt-period 10 --cpu-rt-runtime 11', /--cpu-rt-runtime is more than/],
    ['--cpu-shares -1', /whole number from 0 on/],
    ['--cpuset-cpus 4', /4 is not there/],
    ['--cpuset-cpus 3-1', /is no list/],
    ['--cpuset-cpus 0,', /is no list/],
    ['--cpuset-cpus 0-9999999', /is no list/],
    ['--cpuset-mems 1', /1 is not there/],
    ['--pids-limit -2', /whole number from -1 on/],
    ['--blkio-weight 9', /is not from 10 to 1000/],
    ['--blkio-weight-device /dev/gone:200', /\/dev\/gone is no block device/],
    ['--device-read-bps /dev/null:', /'' is no size/],
    ['--ulimit nofile=1:', /is not NAME=SOFT/],
    ['--ulimit constructor=1', /no limit is called constructor/],
    ['--cgroups split', /--cgroups split is not known/],
    ['--cgroups disabled -m 64m', /--cgroups disabled and a limit contradict/],
    ['--cgroups disabled --cgroup-parent /a', /--cgroups disabled and --cgroup-parent contradict/],
    ['--cgroup-parent /a/../b', /leads out of the hierarchy/],
    ['--cgroup-conf memory.high', /is not NAME=VALUE/],
    ['--cgroup-conf =1', /is not NAME=VALUE/],
  ])('%s is refused', (line, message) => {
    const parse = () => limits(...line.split(' '), 'a');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });

  it('a limit of a process that has none is 2^64', () => {
    const {rlimits} = limits('--ulimit', 'core=0:unlimited', 'a');
    expect(rlimits).toEqual([{type: 'RLIMIT_CORE', soft: 0, hard: 2 ** 64}]);
  });

  it('nothing is asked for by none of them', () => {
    expect(limits('a')).toEqual({});
  });
});

/** What Docker's daemon makes of it, as far as the OCI spec is concerned. */
function asDaemon(config: HostConfig) {
  const {Memory: limit, NanoCpus: nanos = 0, PidsLimit, BlkioWeight: weight} = config;
  const swap = config.MemorySwap ?? (limit && 2 * limit);
  const parts = {
    memory: {
      limit,
      swap,
      reservation: config.MemoryReservation,
      swappiness: config.MemorySwappiness,
      disableOOMKiller: config.OomKillDisable,
    },
    cpu: {
      shares: config.CpuShares,
      quota: nanos > 0 ? Math.floor(nanos / 10_000) : config.CpuQuota,
      period: nanos > 0 ? 100_000 : config.CpuPeriod,
      realtimeRuntime: config.CpuRealtimeRuntime,
      realtimePeriod: config.CpuRealtimePeriod,
      cpus: config.CpusetCpus,
      mems: config.CpusetMems,
    },
    pids: {limit: PidsLimit},
    blockIO: {
      weight,
      weightDevice: config.BlkioWeightDevice?.map(({Path, Weight}) => ({
        ...numbers.get(Path),
        weight: Weight,
      })),
      throttleReadBpsDevice: rates(config.BlkioDeviceReadBps),
      throttleWriteBpsDevice: rates(config.BlkioDeviceWriteBps),
      throttleReadIOPSDevice: rates(config.BlkioDeviceReadIOps),
      throttleWriteIOPSDevice: rates(config.BlkioDeviceWriteIOps),
    },
  };
  const resources = Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]) => {
      const given = defined(part);
      return Object.keys(given).length > 0 ? [[name, given]] : [];
    }),
  );
  const infinite = (value: number) => (value === -1 ? 2 ** 64 : value);
  return defined({
    resources: Object.keys(resources).length > 0 ? resources : undefined,
    shmSizeBytes: config.ShmSize,
    oomScoreAdj: config.OomScoreAdj,
    rlimits: config.Ulimits?.map(({Name, Soft, Hard}) => ({
      type: `RLIMIT_${Name.toUpperCase()}`,
      soft: infinite(Soft),
      hard: infinite(Hard),
    })),
    cgroupParent: config.CgroupParent,
    cgroupNamespace: config.CgroupnsMode,
  });
}

function rates(list: readonly Rate[] | undefined) {
  return list?.map(({Path, Rate: rate}) => ({...numbers.get(Path), rate}));
}

function defined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
