import {readCgroupFile} from '../running/files.ts';
import {noCpuset} from './cpuset.ts';
import {hugePagesBy} from './huge-pages.ts';
import {type EventValue, withoutEmpty} from './json.ts';
import {readCount, readCountTable, unlimited} from './read.ts';
import {pidsUsage} from './usage-v1.ts';

type Fields = Readonly<Record<string, EventValue>>;

export function v2Usage(directory: string): Fields {
  return {
    cpu: cpuUsage(directory),
    cpuset: noCpuset,
    memory: memoryUsage(directory),
    pids: pidsUsage(directory),
    blkio: ioUsage(directory),
    hugetlb: hugePagesBy(directory, (size) => ({
      ...withoutEmpty({usage: readCount(directory, `hugetlb.${size}.current`)}),
      failcnt: readCountTable(directory, `hugetlb.${size}.events`).max ?? 0n,
    })),
  };
}

function cpuUsage(directory: string): Fields {
  const stat = readCountTable(directory, 'cpu.stat');
  const time = (name: string) => (stat[name] ?? 0n) * 1000n;
  return {
    usage: {
      ...withoutEmpty({total: time('usage_usec')}),
      kernel: time('system_usec'),
      user: time('user_usec'),
    },
    throttling: withoutEmpty({
      periods: stat.nr_periods ?? 0n,
      throttledPeriods: stat.nr_throttled ?? 0n,
      throttledTime: time('throttled_usec'),
    }),
  };
}

/** A limit of swap is one of swap alone here: with that of memory it is what version 1 tells. */
function memoryUsage(directory: string): Fields {
  const raw = readCountTable(directory, 'memory.stat');
  const [usage, limit] = [
    readCount(directory, 'memory.current'),
    readCount(directory, 'memory.max'),
  ];
  const swapLimit = readCount(directory, 'memory.swap.max');
  const both = limit === unlimited || swapLimit === unlimited ? unlimited : limit + swapLimit;
  const none = {limit: 0n, failcnt: 0n};
  return {
    ...withoutEmpty({cache: raw.file ?? 0n}),
    usage: {
      limit,
      ...withoutEmpty({usage, max: readCount(directory, 'memory.peak')}),
      failcnt: readCountTable(directory, 'memory.events').max ?? 0n,
    },
    swap: {
      limit: both,
      ...withoutEmpty({usage: usage + readCount(directory, 'memory.swap.current')}),
      failcnt: 0n,
    },
    kernel: none,
    kernelTCP: none,
    raw,
  };
}

/** Lines like `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`; of an idle device the numbers alone. */
function ioUsage(directory: string): Fields {
  const lines = (readCgroupFile(directory, 'io.stat') ?? '').split('\n');
  const entries = (read: string, written: string) =>
    lines.flatMap((line) => [...entryOf(line, read, 'Read'), ...entryOf(line, written, 'Write')]);
  return withoutEmpty({
    ioServiceBytesRecursive: entries('rbytes', 'wbytes'),
    ioServicedRecursive: entries('rios', 'wios'),
  });
}

function entryOf(line: string, name: string, op: string): Fields[] {
  const [, major, minor] = /^(\d+):(\d+) /.exec(line) ?? [];
  const [, value] = new RegExp(` ${name}=(\\d+)`).exec(line) ?? [];
  if (major === undefined || minor === undefined || value === undefined) return [];
  return [withoutEmpty({major: BigInt(major), minor: BigInt(minor), op, value: BigInt(value)})];
}
