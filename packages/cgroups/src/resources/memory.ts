import type {MemoryLimits} from '@minicontainer/spec';
import {decimal, limit} from './decimal.ts';
import {inexpressible, refuse} from './refuse.ts';
import {asked, type CgroupVersion, type CgroupWrite} from './write.ts';

/**
 * Zero stands for "not set", as runc has it.
 *
 * @see memory.rst of cgroup-v1, cgroup-v2.rst "Memory"
 */
export function memoryWrites(memory: MemoryLimits, version: CgroupVersion): CgroupWrite[] {
  return version === 1 ? v1Writes(memory) : v2Writes(memory);
}

function v1Writes(memory: MemoryLimits): CgroupWrite[] {
  const {reservation, kernel, kernelTCP, swappiness, disableOOMKiller} = memory;
  const writes: CgroupWrite[] = [];
  // The limit first: memory and swap together may not be less (EINVAL), and a new cgroup has no limit.
  const limits: [keyof MemoryLimits, string, number | undefined][] = [
    ['limit', 'memory.limit_in_bytes', memory.limit],
    ['swap', 'memory.memsw.limit_in_bytes', swapOf(memory)],
    ['reservation', 'memory.soft_limit_in_bytes', reservation],
    ['kernel', 'memory.kmem.limit_in_bytes', kernel],
    ['kernelTCP', 'memory.kmem.tcp.limit_in_bytes', kernelTCP],
  ];
  for (const [name, file, value] of limits) {
    if (!value) continue;
    writes.push({
      ...memoryWrite(name, file, limit(value, `memory.${name}`, 1)),
      ...(mayBeMissing(name, memory) && {ifMissing: 'ignore'}),
    });
  }
  checkOrder(memory);
  if (disableOOMKiller) writes.push(memoryWrite('disableOOMKiller', 'memory.oom_control', '1'));
  if (swappiness !== undefined) {
    writes.push(memoryWrite('swappiness', 'memory.swappiness', percent(swappiness)));
  }
  // useHierarchy: every cgroup has been hierarchical since Linux 5.11, and runc passes over it as well.
  return writes;
}

function v2Writes(memory: MemoryLimits): CgroupWrite[] {
  refuseV1Only(memory);
  const writes: CgroupWrite[] = [];
  const swap = swapOf(memory);
  if (swap) {
    writes.push({
      ...memoryWrite('swap', 'memory.swap.max', swapAlone(swap, memory.limit)),
      ...(mayBeMissing('swap', memory) && {ifMissing: 'ignore'}),
    });
  }
  for (const [name, file] of [
    ['limit', 'memory.max'],
    ['reservation', 'memory.low'],
  ] as const) {
    const value = memory[name];
    if (value) writes.push(memoryWrite(name, file, limit(value, `memory.${name}`, 2)));
  }
  return writes;
}

/** Memory without a limit has swap without one, unless that is set. */
function swapOf({limit, swap}: MemoryLimits): number | undefined {
  return limit === -1 && !swap ? -1 : swap;
}

/** What v2 limits is swap without memory. */
function swapAlone(swap: number, memory: number | undefined): string {
  if (swap === -1 || memory === -1) return limit(swap, 'memory.swap', 2);
  if (!memory) {
    throw refuse(
      'memory.swap',
      'swap can only be limited together with memory',
      'set linux.resources.memory.limit (--memory) too',
    );
  }
  checkOrder({swap, limit: memory});
  return decimal(swap - memory, 'memory.swap');
}

function checkOrder({swap, limit}: MemoryLimits): void {
  if (!swap || !limit || swap === -1 || swap >= limit) return;
  throw refuse(
    'memory.swap',
    `${swap} bytes of memory and swap together are less than the ${limit} of memory alone`,
    'memory.swap (--memory-swap) counts both: make it at least memory.limit (--memory)',
  );
}

/** A kernel that does not count swap has no file for it, and one after 5.16 none for its own memory. */
function mayBeMissing(name: keyof MemoryLimits, memory: MemoryLimits): boolean {
  // As runc: kernel memory counts as memory, and has no limit of its own any more.
  if (name === 'kernel' || name === 'kernelTCP') return true;
  if (name !== 'swap') return false;
  const swap = swapOf(memory);
  // Twice the memory is what --memory alone gives: nobody asked for it by name.
  return swap === -1 || swap === memory.limit || swap === 2 * (memory.limit ?? 0);
}

/** Asks for nothing, and so is no error: `false`, and zero for a limit. */
function refuseV1Only({kernel, kernelTCP, swappiness, disableOOMKiller}: MemoryLimits): void {
  const fields = {kernel, kernelTCP, disableOOMKiller};
  for (const [name, value] of Object.entries(fields)) {
    if (value) throw inexpressible(`memory.${name}`, 'memory', 2, hints[name] ?? leaveOut);
  }
  if (swappiness === undefined) return;
  throw inexpressible('memory.swappiness', 'memory', 2, 'limit swap itself, with memory.swap');
}

const leaveOut = 'leave it out';
const hints: Readonly<Record<string, string>> = {
  kernel: 'memory.limit counts the kernel’s memory too',
  kernelTCP: 'memory.limit counts the buffers of sockets too',
  disableOOMKiller: 'leave it out, or set memory.oom.group by unified',
};

function percent(swappiness: number): string {
  const text = decimal(swappiness, 'memory.swappiness');
  if (swappiness > 100) throw refuse('memory.swappiness', `${swappiness} is not from 0 to 100`);
  return text;
}

function memoryWrite(name: keyof MemoryLimits, file: string, value: string): CgroupWrite {
  return {controller: 'memory', file, value, asked: asked(`memory.${name}`)};
}
