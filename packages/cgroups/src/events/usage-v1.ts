import {readCgroupFile} from '../running/files.ts';
import {hugePagesBy} from './huge-pages.ts';
import {type EventValue, withoutEmpty} from './json.ts';
import {readCount, readCounts, readCountTable, readList} from './read.ts';

type Fields = Readonly<Record<string, EventValue>>;
type Directories = Readonly<Record<string, string>>;

/** USER_HZ is 100 for every program: a tick in nanoseconds. */
const tick = 10_000_000n;

export function v1Usage(directories: Directories): Fields {
  const {cpu, cpuacct, cpuset, memory, pids, blkio, hugetlb} = directories;
  return {
    ...(cpuacct !== undefined && {cpu: cpuUsage(cpuacct, cpu)}),
    ...(cpuset !== undefined && {cpuset: cpusetOf(cpuset)}),
    ...(memory !== undefined && {memory: memoryUsage(memory)}),
    ...(pids !== undefined && {pids: pidsUsage(pids)}),
    ...(blkio !== undefined && {blkio: ioUsage(blkio)}),
    ...(hugetlb !== undefined && {hugetlb: hugePages(hugetlb)}),
  };
}

function cpuUsage(cpuacct: string, cpu: string | undefined): Fields {
  const stat = readCountTable(cpuacct, 'cpuacct.stat');
  const all = (readCgroupFile(cpuacct, 'cpuacct.usage_all') ?? '').split('\n').slice(1);
  const column = (index: number) =>
    all.filter(Boolean).map((line) => BigInt(line.split(' ')[index] ?? 0));
  const limits = cpu === undefined ? {} : readCountTable(cpu, 'cpu.stat');
  return {
    usage: {
      ...withoutEmpty({
        total: readCount(cpuacct, 'cpuacct.usage'),
        percpu: readCounts(cpuacct, 'cpuacct.usage_percpu'),
        percpu_kernel: column(2),
        percpu_user: column(1),
      }),
      kernel: (stat.system ?? 0n) * tick,
      user: (stat.user ?? 0n) * tick,
    },
    throttling: withoutEmpty({
      periods: limits.nr_periods ?? 0n,
      throttledPeriods: limits.nr_throttled ?? 0n,
      throttledTime: limits.throttled_time ?? 0n,
    }),
  };
}

function cpusetOf(directory: string): Fields {
  const flag = (name: string) => readCount(directory, `cpuset.${name}`);
  return {
    ...withoutEmpty({cpus: readList(directory, 'cpuset.cpus')}),
    cpu_exclusive: flag('cpu_exclusive'),
    ...withoutEmpty({mems: readList(directory, 'cpuset.mems')}),
    mem_hardwall: flag('mem_hardwall'),
    mem_exclusive: flag('mem_exclusive'),
    memory_migrate: flag('memory_migrate'),
    memory_spread_page: flag('memory_spread_page'),
    memory_spread_slab: flag('memory_spread_slab'),
    memory_pressure: flag('memory_pressure'),
    sched_load_balance: flag('sched_load_balance'),
    sched_relax_domain_level: flag('sched_relax_domain_level'),
  };
}

function memoryUsage(directory: string): Fields {
  const raw = readCountTable(directory, 'memory.stat');
  const entry = (name: string) => ({
    limit: readCount(directory, `${name}.limit_in_bytes`),
    ...withoutEmpty({
      usage: readCount(directory, `${name}.usage_in_bytes`),
      max: readCount(directory, `${name}.max_usage_in_bytes`),
    }),
    failcnt: readCount(directory, `${name}.failcnt`),
  });
  return {
    ...withoutEmpty({cache: raw.cache ?? 0n}),
    usage: entry('memory'),
    swap: entry('memory.memsw'),
    kernel: entry('memory.kmem'),
    kernelTCP: entry('memory.kmem.tcp'),
    raw,
  };
}

/** As on version 2. */
export function pidsUsage(directory: string): Fields {
  const limit = readCgroupFile(directory, 'pids.max')?.trim() ?? 'max';
  return withoutEmpty({
    current: readCount(directory, 'pids.current'),
    limit: limit === 'max' ? 0n : BigInt(limit),
  });
}

/** Of the scheduler BFQ where that counts, else of the throttling in front of every scheduler. */
function ioUsage(directory: string): Fields {
  const counted = (name: string) => {
    const bfq = entries(directory, `blkio.bfq.${name}_recursive`);
    return bfq.length > 0 ? bfq : entries(directory, `blkio.throttle.${name}_recursive`);
  };
  return withoutEmpty({
    ioServiceBytesRecursive: counted('io_service_bytes'),
    ioServicedRecursive: counted('io_serviced'),
  });
}

/** Lines like `8:0 Read 4096`; a sum of all devices stands alone, and is left out. */
function entries(directory: string, file: string): Fields[] {
  const text = readCgroupFile(directory, file) ?? '';
  return [...text.matchAll(/^(\d+):(\d+) (\w+) (\d+)$/gm)].map(
    ([, major = '', minor = '', op = '', value = '']) =>
      withoutEmpty({major: BigInt(major), minor: BigInt(minor), op, value: BigInt(value)}),
  );
}

function hugePages(directory: string): Fields {
  return hugePagesBy(directory, (size) => ({
    ...withoutEmpty({
      usage: readCount(directory, `hugetlb.${size}.usage_in_bytes`),
      max: readCount(directory, `hugetlb.${size}.max_usage_in_bytes`),
    }),
    failcnt: readCount(directory, `hugetlb.${size}.failcnt`),
  }));
}
