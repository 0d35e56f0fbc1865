import {readCgroupFile, readNumber, readTable} from './files.ts';
import type {CgroupStats, CpuStats, DeviceIo, IoStats, MemoryStats} from './stats.ts';
import {pidsStats} from './stats-v2.ts';

export function v1Stats(directories: Readonly<Record<string, string>>): CgroupStats {
  const {memory: memoryAt, cpu: cpuAt, cpuacct: cpuacctAt, pids: pidsAt, blkio: ioAt} = directories;
  const memory = memoryAt === undefined ? undefined : memoryStats(memoryAt);
  const cpu = cpuacctAt === undefined ? undefined : cpuStats(cpuacctAt, cpuAt);
  const pids = pidsAt === undefined ? undefined : pidsStats(pidsAt);
  const io = ioAt === undefined ? undefined : ioStats(ioAt);
  return {
    ...(memory && {memory}),
    ...(cpu && {cpu}),
    ...(pids && {pids}),
    ...(io && {io}),
  };
}

/** What the kernel says for "no limit": the largest number of whole pages. */
const noLimit = 2 ** 62;

function memoryStats(directory: string): MemoryStats | undefined {
  const usageBytes = readNumber(directory, 'memory.usage_in_bytes');
  if (usageBytes === undefined) return undefined;
  const limitBytes = limitOf(directory, 'memory.limit_in_bytes');
  const peakBytes = readNumber(directory, 'memory.max_usage_in_bytes');
  // Both together: what is read a moment later may be less than memory alone was.
  const both = readNumber(directory, 'memory.memsw.usage_in_bytes');
  const bothLimit = limitOf(directory, 'memory.memsw.limit_in_bytes');
  const swapLimitBytes =
    bothLimit === undefined || limitBytes === undefined ? undefined : bothLimit - limitBytes;
  return {
    usageBytes,
    ...(limitBytes !== undefined && {limitBytes}),
    ...(peakBytes !== undefined && {peakBytes}),
    inactiveFileBytes: readTable(directory, 'memory.stat').get('total_inactive_file') ?? 0,
    ...(both !== undefined && {swapBytes: Math.max(0, both - usageBytes)}),
    ...(swapLimitBytes !== undefined && {swapLimitBytes}),
    oomKills: readTable(directory, 'memory.oom_control').get('oom_kill') ?? 0,
  };
}

function limitOf(directory: string, file: string): number | undefined {
  const limit = readNumber(directory, file);
  return limit === undefined || limit >= noLimit ? undefined : limit;
}

/** Time is counted by cpuacct, the periods of a quota by cpu; both in nanoseconds. */
function cpuStats(cpuacct: string, cpu: string | undefined): CpuStats | undefined {
  const usage = readNumber(cpuacct, 'cpuacct.usage');
  if (usage === undefined) return undefined;
  const bandwidth = cpu === undefined ? new Map<string, number>() : readTable(cpu, 'cpu.stat');
  return {
    usageMicroseconds: microseconds(usage),
    userMicroseconds: microseconds(readNumber(cpuacct, 'cpuacct.usage_user') ?? 0),
    systemMicroseconds: microseconds(readNumber(cpuacct, 'cpuacct.usage_sys') ?? 0),
    periods: bandwidth.get('nr_periods') ?? 0,
    throttledPeriods: bandwidth.get('nr_throttled') ?? 0,
    throttledMicroseconds: microseconds(bandwidth.get('throttled_time') ?? 0),
  };
}

function microseconds(nanoseconds: number): number {
  return Math.floor(nanoseconds / 1000);
}

/** Lines like `8:0 Read 4096`, with sums of others among them. */
function ioStats(directory: string): IoStats | undefined {
  const bytes = readCgroupFile(directory, 'blkio.throttle.io_service_bytes_recursive');
  const times = readCgroupFile(directory, 'blkio.throttle.io_serviced_recursive');
  if (bytes === undefined || times === undefined) return undefined;
  const byDevice = new Map<string, {-readonly [Field in keyof DeviceIo]: DeviceIo[Field]}>();
  const count = (text: string, read: keyof DeviceIo, written: keyof DeviceIo) => {
    for (const [, device = '', what, value] of text.matchAll(/^(\d+:\d+) (Read|Write) (\d+)$/gm)) {
      const io = byDevice.get(device) ?? {readBytes: 0, writtenBytes: 0, reads: 0, writes: 0};
      byDevice.set(device, io);
      io[what === 'Read' ? read : written] = Number(value);
    }
  };
  count(bytes, 'readBytes', 'writtenBytes');
  count(times, 'reads', 'writes');
  return Object.fromEntries(byDevice);
}
