import type {CpuLimits} from '@minicontainer/spec';
import {decimal} from './decimal.ts';
import {inexpressible, refuse} from './refuse.ts';
import {asked, type CgroupVersion, type CgroupWrite} from './write.ts';

/**
 * Time on the CPUs; zero stands for "not set", as runc has it, but for `burst` and `idle`.
 *
 * @see sched-bwc.rst, cgroup-v2.rst "CPU"
 */
export function cpuWrites(cpu: CpuLimits, version: CgroupVersion): CgroupWrite[] {
  const writes = version === 1 ? v1Writes(cpu) : v2Writes(cpu);
  // Behind the shares, which one that idles may not have (EINVAL).
  if (cpu.idle !== undefined) {
    writes.push(cpuWrite('idle', 'cpu.idle', decimal(cpu.idle, 'cpu.idle')));
  }
  return writes;
}

/** Names of the files of the cpuset, `cpus` and `mems`, are the same on both. */
export function cpusetWrites({cpus, mems}: CpuLimits): CgroupWrite[] {
  const writes: CgroupWrite[] = [];
  for (const [name, list] of Object.entries({cpus, mems})) {
    if (!list) continue;
    if (!/^[\d,\- ]+$/.test(list)) throw refuse(`cpu.${name}`, 'is no list like 0-3,7');
    const file = `cpuset.${name}`;
    writes.push({controller: 'cpuset', file, value: list, asked: asked(`cpu.${name}`)});
  }
  return writes;
}

/**
 * The weight of cgroup v2 for shares of v1: 2 is 1, 1024 is 100, 262144 is 10000, and between them the
 * exponent is quadratic, so that the usual stays the usual: as runc and crun have it since 2025.
 */
export function cpuWeight(shares: number): number {
  if (shares <= 2) return 1;
  if (shares >= maximumShares) return 10_000;
  const power = Math.log2(shares);
  return Math.ceil(10 ** ((power * power + 125 * power) / 612 - 7 / 34));
}

const minimumShares = 2;
const maximumShares = 262_144;

function v1Writes(cpu: CpuLimits): CgroupWrite[] {
  const {shares, period, quota, burst, realtimePeriod, realtimeRuntime} = cpu;
  const writes: CgroupWrite[] = [];
  if (shares) writes.push(cpuWrite('shares', 'cpu.shares', v1Shares(shares)));
  if (period) writes.push(cpuWrite('period', 'cpu.cfs_period_us', decimal(period, 'cpu.period')));
  if (quota) writes.push(cpuWrite('quota', 'cpu.cfs_quota_us', decimal(quota, 'cpu.quota', -1)));
  if (burst !== undefined) {
    // Behind the quota, which it may not exceed. Older kernels have none, which is stricter: as runc.
    const value = decimal(burst, 'cpu.burst');
    writes.push({...cpuWrite('burst', 'cpu.cfs_burst_us', value), ifMissing: 'ignore'});
  }
  if (realtimePeriod) {
    const value = decimal(realtimePeriod, 'cpu.realtimePeriod');
    writes.push(cpuWrite('realtimePeriod', 'cpu.rt_period_us', value));
  }
  if (realtimeRuntime) {
    const value = decimal(realtimeRuntime, 'cpu.realtimeRuntime', -1);
    writes.push(cpuWrite('realtimeRuntime', 'cpu.rt_runtime_us', value));
  }
  return writes;
}

function v2Writes(cpu: CpuLimits): CgroupWrite[] {
  const {shares, burst, realtimePeriod, realtimeRuntime} = cpu;
  for (const [name, value] of Object.entries({realtimePeriod, realtimeRuntime})) {
    if (!value) continue;
    throw inexpressible(`cpu.${name}`, 'cpu', 2, 'processes can be scheduled by process.scheduler');
  }
  const writes: CgroupWrite[] = [];
  if (shares) {
    decimal(shares, 'cpu.shares');
    writes.push(cpuWrite('shares', 'cpu.weight', String(cpuWeight(shares))));
  }
  writes.push(...bandwidth(cpu));
  if (burst !== undefined) {
    writes.push(cpuWrite('burst', 'cpu.max.burst', decimal(burst, 'cpu.burst')));
  }
  return writes;
}

/** A quota alone leaves the period as it is: 100 ms in a new cgroup. */
function bandwidth({quota, period}: CpuLimits): CgroupWrite[] {
  if (!quota && !period) return [];
  const most = quota && quota !== -1 ? decimal(quota, 'cpu.quota') : 'max';
  const value = period ? `${most} ${decimal(period, 'cpu.period')}` : most;
  const names = [quota && 'cpu.quota', period && 'cpu.period'].filter(isName);
  return [{controller: 'cpu', file: 'cpu.max', value, asked: names.map(asked).join(', ')}];
}

function isName(value: string | number | undefined): value is string {
  return typeof value === 'string';
}

/** The kernel would take the nearest it has, in silence. */
function v1Shares(shares: number): string {
  const text = decimal(shares, 'cpu.shares');
  if (shares >= minimumShares && shares <= maximumShares) return text;
  throw refuse('cpu.shares', `${text} is not from ${minimumShares} to ${maximumShares}`);
}

function cpuWrite(name: keyof CpuLimits, file: string, value: string): CgroupWrite {
  return {controller: 'cpu', file, value, asked: asked(`cpu.${name}`)};
}
