import type {CgroupWrite} from '../resources/write.ts';
import type {Property} from './manager.ts';

/** UINT64_MAX, which systemd has for "no limit". */
const infinity = '18446744073709551615';

/**
 * What systemd knows of a scope's limits: those that are not told to it are taken back when its
 * configuration is loaded anew.
 *
 * @see systemd.resource-control(5), org.freedesktop.systemd1(5)
 */
export function scopeProperties(writes: readonly CgroupWrite[]): readonly Property[] {
  return writes.flatMap(({file, value}) => properties[file]?.(value) ?? []);
}

/** Of a new scope: of tasks systemd has a limit of its own, unless it is told another. */
export function newScopeProperties(writes: readonly CgroupWrite[]): readonly Property[] {
  return [['TasksMax', 't', infinity], ...scopeProperties(writes)];
}

/** By the files of the cgroup. */
const properties: Readonly<Record<string, (value: string) => Property[]>> = {
  'memory.max': (value) => [['MemoryMax', 't', amount(value)]],
  'memory.high': (value) => [['MemoryHigh', 't', amount(value)]],
  'memory.low': (value) => [['MemoryLow', 't', amount(value)]],
  'memory.min': (value) => [['MemoryMin', 't', amount(value)]],
  'memory.swap.max': (value) => [['MemorySwapMax', 't', amount(value)]],
  'pids.max': (value) => [['TasksMax', 't', amount(value)]],
  'cpu.weight': (value) => [['CPUWeight', 't', value]],
  'cpu.max': bandwidth,
  'cpuset.cpus': (value) => [['AllowedCPUs', 'ay', ...mask(value)]],
  'cpuset.mems': (value) => [['AllowedMemoryNodes', 'ay', ...mask(value)]],
};

function amount(value: string): string {
  return value === 'max' ? infinity : value;
}

/** systemd counts the time of a second; a period of its own stays at 100 ms. */
function bandwidth(value: string): Property[] {
  const [quota = 'max', period = '100000'] = value.split(' ');
  const perSecond =
    quota === 'max' ? infinity : String(Math.ceil((Number(quota) * 1e6) / Number(period)));
  return [
    ['CPUQuotaPerSecUSec', 't', perSecond],
    ['CPUQuotaPeriodUSec', 't', period],
  ];
}

/** Bits of a list such as `0-3,7`, lowest byte first, and how many bytes. */
function mask(ranges: string): string[] {
  const bytes: number[] = [];
  for (const range of ranges.split(',').filter(Boolean)) {
    const [first = 0, last = first] = range.split('-').map(Number);
    for (let bit = first; bit <= last; bit++) {
      while (bytes.length <= bit >> 3) bytes.push(0);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return [String(bytes.length), ...bytes.map(String)];
}
