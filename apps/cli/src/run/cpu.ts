import type {CpuLimits} from '@minicontainer/spec';
import {integer} from './integer.ts';
import type {LimitFlagValues} from './limit-flags.ts';
import type {Machine} from './machine.ts';
import {quoted, refuse} from './refuse.ts';

const periodMicroseconds = 100_000;

/** Limits of CPU time and the CPUs to run on, with Docker's checks. */
export function cpuLimits(flags: LimitFlagValues, machine: Machine): CpuLimits {
  const shares = integer(flags.cpuShares ?? '0', '--cpu-shares', 0);
  const realtimePeriod = integer(flags.cpuRtPeriod ?? '0', '--cpu-rt-period', 0);
  const realtimeRuntime = integer(flags.cpuRtRuntime ?? '0', '--cpu-rt-runtime', 0);
  if (realtimePeriod > 0 && realtimeRuntime > realtimePeriod) {
    throw refuse('--cpu-rt-runtime is more than --cpu-rt-period', 'give it a part of the period');
  }
  const cpus = idList('--cpuset-cpus', flags.cpusetCpus, 'cpu', machine);
  const mems = idList('--cpuset-mems', flags.cpusetMems, 'node', machine);
  return {
    ...(shares > 0 && {shares}),
    ...bandwidth(flags, machine),
    ...(realtimePeriod > 0 && {realtimePeriod}),
    ...(realtimeRuntime > 0 && {realtimeRuntime}),
    ...(cpus && {cpus}),
    ...(mems && {mems}),
  };
}

function bandwidth({cpus, cpuQuota, cpuPeriod}: LimitFlagValues, machine: Machine): CpuLimits {
  const quota = integer(cpuQuota ?? '0', '--cpu-quota', -1);
  const period = integer(cpuPeriod ?? '0', '--cpu-period', 0);
  const wanted = numberOfCpus(cpus ?? '0');
  if (period !== 0 && (period < 1000 || period > 1_000_000)) {
    throw refuse(`--cpu-period ${period} is not from 1000 to 1000000`, 'it is in microseconds');
  }
  if (quota > 0 && quota < 1000) {
    throw refuse(`--cpu-quota ${quota} is less than 1000`, 'it is in microseconds');
  }
  if (wanted === 0) {
    return {...(quota !== 0 && {quota}), ...(period !== 0 && {period})};
  }
  for (const [flag, value] of Object.entries({'--cpu-quota': quota, '--cpu-period': period})) {
    if (value === 0) continue;
    throw refuse(`--cpus and ${flag} contradict each other`, '--cpus is a quota of 100000 µs');
  }
  const most = machine.cpus();
  if (wanted < 0.01 || wanted > most) {
    const range = most === 1 ? 'only one is there' : `only ${most} are there`;
    throw refuse(`--cpus ${cpus} is not from 0.01 to ${most}`, range);
  }
  return {quota: Math.floor(wanted * periodMicroseconds), period: periodMicroseconds};
}

/** A decimal number or, as Docker takes it, a fraction. */
function numberOfCpus(text: string): number {
  const number = String.raw`\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
  const match = new RegExp(`^(${number})(?:/(\\d+))?$`, 'i').exec(text);
  const cpus = Number(match?.[1]) / Number(match?.[2] ?? 1);
  if (Number.isFinite(cpus)) return cpus;
  throw refuse(`--cpus ${quoted(text)} is no number of CPUs`, 'for example --cpus 1.5');
}

function idList(flag: string, text = '', kind: 'cpu' | 'node', machine: Machine): string {
  if (text === '') return '';
  const wanted = ids(text);
  if (wanted === undefined) {
    throw refuse(`${flag} ${quoted(text)} is no list`, `for example ${flag} 0-3,7`);
  }
  const online = machine.online(kind);
  const there = new Set(ids(online));
  const missing = wanted.find((id) => !there.has(id));
  if (missing === undefined) return text;
  throw refuse(`${flag} ${text}: ${missing} is not there`, `this machine has ${online}`);
}

/** undefined for what is no list like `0-3,7`. */
function ids(list: string): number[] | undefined {
  const found: number[] = [];
  for (const part of list.split(',')) {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) return undefined;
    for (let id = Number(first); id <= Number(last); id++) found.push(id);
  }
  return found;
}
