import {readCgroupFile, readNumber, readTable} from './files.ts';
import type {CgroupStats, CpuStats, DeviceIo, IoStats, MemoryStats, PidsStats} from './stats.ts';

export function v2Stats(directory: string): CgroupStats {
  const memory = memoryStats(directory);
  const cpu = cpuStats(directory);
  const pids = pidsStats(directory);
  const io = ioStats(directory);
  return {
    ...(memory && {memory}),
    ...(cpu && {cpu}),
    ...(pids && {pids}),
    ...(io && {io}),
  };
}

function memoryStats(directory: string): MemoryStats | undefined {
  const usageBytes = readNumber(directory, 'memory.current');
  if (usageBytes === undefined) return undefined;
  const limitBytes = readNumber(directory, 'memory.max');
  const peakBytes = readNumber(directory, 'memory.peak');
  const swapBytes = readNumber(directory, 'memory.swap.current');
  const swapLimitBytes = readNumber(directory, 'memory.swap.max');
  return {
    usageBytes,
    ...(limitBytes !== undefined && {limitBytes}),
    ...(peakBytes !== undefined && {peakBytes}),
    inactiveFileBytes: readTable(directory, 'memory.stat').get('inactive_file') ?? 0,
    ...(swapBytes !== undefined && {swapBytes}),
    ...(swapLimitBytes !== undefined && {swapLimitBytes}),
    oomKills: readTable(directory, 'memory.events').get('oom_kill') ?? 0,
  };
}

/** The kernel counts time in every cgroup; periods only with the controller. */
function cpuStats(directory: string): CpuStats | undefined {
  const table = readTable(directory, 'cpu.stat');
  const usageMicroseconds = table.get('usage_usec');
  if (usageMicroseconds === undefined) return undefined;
  return {
    usageMicroseconds,
    userMicroseconds: table.get('user_usec') ?? 0,
    systemMicroseconds: table.get('system_usec') ?? 0,
    periods: table.get('nr_periods') ?? 0,
    throttledPeriods: table.get('nr_throttled') ?? 0,
    throttledMicroseconds: table.get('throttled_usec') ?? 0,
  };
}

/** As on v1. */
export function pidsStats(directory: string): PidsStats | undefined {
  const current = readNumber(directory, 'pids.current');
  if (current === undefined) return undefined;
  const limit = readNumber(directory, 'pids.max');
  return {current, ...(limit !== undefined && {limit})};
}

/** Lines like `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`. */
function ioStats(directory: string): IoStats | undefined {
  const text = readCgroupFile(directory, 'io.stat');
  if (text === undefined) return undefined;
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map(parseIo));
}

function parseIo(line: string): [string, DeviceIo] {
  const [device = '', ...pairs] = line.split(' ');
  const counted = new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name, Number(value)];
    }),
  );
  const io = {
    readBytes: counted.get('rbytes') ?? 0,
    writtenBytes: counted.get('wbytes') ?? 0,
    reads: counted.get('rios') ?? 0,
    writes: counted.get('wios') ?? 0,
  };
  return [device, io];
}
