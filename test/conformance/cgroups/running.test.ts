import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {
  type ContainerCgroup,
  freeze,
  isFrozen,
  killAll,
  processesOf,
  readStats,
  thaw,
  updateResources,
} from '@minicontainer/cgroups';
import type {Resources} from '@minicontainer/spec';
import {expect, test} from 'vitest';
import {describeOn, hierarchy, makeCgroup} from './hierarchies.ts';
import {ended, startIn} from './processes.ts';

const mebibyte = 1 << 20;
const v1 = ['memory', 'cpu', 'cpuacct', 'cpuset', 'pids', 'blkio', 'freezer'];
let number = 0;

/** A new one; on a hybrid machine that of v2 has no controllers but the kernel's core. */
function newCgroup(version: 1 | 2): ContainerCgroup {
  const name = `running-${number++}`;
  if (version === 2) return {version, directory: makeCgroup('v2', name)};
  const directories = v1.map((controller) => [controller, makeCgroup(controller, name)]);
  return {version, directories: Object.fromEntries(directories)};
}

function directoriesOf(cgroup: ContainerCgroup): string[] {
  return cgroup.version === 2 ? [cgroup.directory] : Object.values(cgroup.directories);
}

/** The disk beneath /var/tmp, if that is one. */
const disk = diskOf('/var/tmp');

function diskOf(path: string): {major: number; minor: number} | undefined {
  const device = BigInt(statSync(path).dev);
  const place = `/sys/dev/block/${(device >> 8n) & 0xfffn}:${device & 0xffn}`;
  // A partition lies in the directory of its disk.
  const whole = existsSync(join(place, 'partition')) ? `${place}/../dev` : join(place, 'dev');
  if (!existsSync(whole)) return undefined;
  const [major, minor] = readFileSync(whole, 'utf8').trim().split(':').map(Number);
  return {major: major ?? 0, minor: minor ?? 0};
}

const usage = (cgroup: ContainerCgroup) => readStats(cgroup).cpu?.usageMicroseconds ?? Number.NaN;

for (const version of [1, 2] as const) {
  describeOn(version === 1 ? v1 : ['v2'], `a container on cgroup v${version}`, () => {
    test('stands still while it is frozen, and goes on after', async () => {
      const cgroup = newCgroup(version);
      await startIn(directoriesOf(cgroup), 'while :; do :; done');
      expect(isFrozen(cgroup)).toBe(false);
      await freeze(cgroup);
      expect(isFrozen(cgroup)).toBe(true);
      const before = usage(cgroup);
      await sleep(50);
      expect(usage(cgroup)).toBe(before);
      thaw(cgroup);
      while (usage(cgroup) < before + 1000) await sleep(5);
      expect(isFrozen(cgroup)).toBe(false);
      await killAll(cgroup);
    });

    test('can be frozen while it forks without end', async () => {
      const cgroup = newCgroup(version);
      await startIn(directoriesOf(cgroup), 'while :; do /bin/true & wait; done');
      for (let round = 0; round < 10; round++) {
        await freeze(cgroup);
        const pids = processesOf(cgroup);
        await sleep(5);
        expect(processesOf(cgroup)).toEqual(pids);
        thaw(cgroup);
      }
      await killAll(cgroup);
    });

    test('is killed with all that it has forked, frozen or not', async () => {
      for (const frozen of [false, true]) {
        const cgroup = newCgroup(version);
        const child = await startIn(
          directoriesOf(cgroup),
          'for i in 1 2 3 4 5; do (while :; do sleep 1 & wait; done) & done; wait',
        );
        if (frozen) await freeze(cgroup);
        await killAll(cgroup);
        expect(processesOf(cgroup)).toEqual([]);
        expect(await ended(child)).toBe('SIGKILL');
        await killAll(cgroup);
      }
    });

    test('is killed with what it put into cgroups below', async () => {
      const cgroup = newCgroup(version);
      const name = `running-${number - 1}/below`;
      const controllers = version === 2 ? ['v2' as const] : v1;
      const below = controllers.map((controller) => makeCgroup(controller, name));
      const child = await startIn(below, 'exec sleep 100');
      expect(processesOf(cgroup)).toEqual([child.pid]);
      await killAll(cgroup);
      expect(await ended(child)).toBe('SIGKILL');
    });

    test('that is gone has no processes to kill, and cannot be frozen', async () => {
      const top = hierarchy(version === 2 ? 'v2' : 'freezer') ?? '';
      const gone = join(top, 'minicontainer-gone');
      const cgroup: ContainerCgroup =
        version === 2 ? {version, directory: gone} : {version, directories: {freezer: gone}};
      await killAll(cgroup);
      await expect(freeze(cgroup)).rejects.toThrow(/cannot be written: ENOENT/);
      expect(readStats(cgroup)).toEqual({});
    });
  });
}

describeOn(v1, 'limits and numbers on cgroup v1', () => {
  const read = (cgroup: ContainerCgroup, controller: string, file: string) =>
    cgroup.version === 1
      ? readFileSync(join(cgroup.directories[controller] ?? '', file), 'utf8').trim()
      : '';

  test('what has been used is told in bytes and microseconds', async () => {
    const cgroup = newCgroup(1);
    updateResources(cgroup, {
      memory: {limit: 64 * mebibyte, swap: 96 * mebibyte},
      pids: {limit: 20},
      cpu: {quota: 10_000, period: 100_000},
    });
    await startIn(directoriesOf(cgroup), 'while :; do :; done');
    while ((readStats(cgroup).cpu?.throttledPeriods ?? 0) < 3) await sleep(20);
    const {memory, cpu, pids} = readStats(cgroup);
    expect(pids).toEqual({current: 1, limit: 20});
    expect(memory).toMatchObject({
      limitBytes: 64 * mebibyte,
      swapLimitBytes: 32 * mebibyte,
      oomKills: 0,
    });
    expect(memory?.usageBytes).toBeGreaterThan(0);
    expect(memory?.peakBytes).toBeGreaterThanOrEqual(memory?.usageBytes ?? 0);
    // A tenth of a CPU, in periods of a tenth of a second.
    expect(cpu?.usageMicroseconds).toBeGreaterThan(30_000);
    expect(cpu?.throttledMicroseconds).toBeGreaterThan(100_000);
    await killAll(cgroup);
  });

  test.runIf(disk !== undefined)('what has been written to a disk is told', async () => {
    const cgroup = newCgroup(1);
    const numbers = disk ?? {major: 0, minor: 0};
    // Newer kernels count only where there is a limit.
    const throttleWriteBpsDevice = [{...numbers, rate: 1024 * mebibyte}];
    updateResources(cgroup, {blockIO: {throttleWriteBpsDevice}});
    const file = '/var/tmp/minicontainer-written';
    const write = `dd if=/dev/zero of=${file} bs=1M count=3 oflag=direct status=none; rm ${file}`;
    expect(await ended(await startIn(directoriesOf(cgroup), write))).toBe(0);
    const io = readStats(cgroup).io?.[`${numbers.major}:${numbers.minor}`];
    expect(io?.writtenBytes).toBeGreaterThanOrEqual(3 * mebibyte);
    expect(io?.writtenBytes).toBeLessThan(16 * mebibyte);
    expect(io?.writes).toBeGreaterThan(0);
  });

  test('without limits there are none to tell', () => {
    const {memory, pids} = readStats(newCgroup(1));
    expect(memory).not.toHaveProperty('limitBytes');
    expect(memory).not.toHaveProperty('swapLimitBytes');
    expect(pids).toEqual({current: 0});
  });

  test('limits grow and shrink, in whatever order the kernel wants them', () => {
    const cgroup = newCgroup(1);
    const sizes: [limit: number, swap: number][] = [
      [8, 16],
      [64, 64],
      [16, 32],
      [-1, -1],
      [8, 8],
      [16, -1],
      [-1, 0],
      [32, 64],
    ];
    const bytes = (size: number) => (size > 0 ? size * mebibyte : size);
    for (const [limit, swap] of sizes) {
      updateResources(cgroup, {memory: {limit: bytes(limit), swap: bytes(swap)}});
      const {memory} = readStats(cgroup);
      expect(memory?.limitBytes).toBe(limit > 0 ? bytes(limit) : undefined);
      const alone = limit > 0 && swap > 0 ? bytes(swap) - bytes(limit) : undefined;
      expect(memory?.swapLimitBytes).toBe(alone);
    }
    for (const cpu of [
      {quota: 50_000, period: 100_000, burst: 20_000},
      {quota: 2000, period: 10_000, burst: 1000},
      {quota: 500_000, period: 1_000_000, burst: 300_000},
      {quota: -1, burst: 0},
    ]) {
      updateResources(cgroup, {cpu});
      expect(read(cgroup, 'cpu', 'cpu.cfs_quota_us')).toBe(String(cpu.quota));
      expect(read(cgroup, 'cpu', 'cpu.cfs_burst_us')).toBe(String(cpu.burst));
    }
    expect(read(cgroup, 'cpu', 'cpu.cfs_period_us')).toBe('1000000');
    updateResources(cgroup, {cpu: {idle: 1}});
    updateResources(cgroup, {cpu: {idle: 0, shares: 100}});
    expect(read(cgroup, 'cpu', 'cpu.shares')).toBe('100');
  });

  test('memory that is in use is no longer to be limited away', async () => {
    const cgroup = newCgroup(1);
    // Pages that cannot be given back: no swap, and mlock.
    updateResources(cgroup, {memory: {limit: 64 * mebibyte, swap: 64 * mebibyte, swappiness: 0}});
    const hold = `exec ${process.execPath} -e 'globalThis.held = Buffer.alloc(${16 * mebibyte}, 1); setInterval(() => {}, 1e6)'`;
    const child = await startIn(directoriesOf(cgroup), hold);
    while ((readStats(cgroup).memory?.usageBytes ?? 0) < 20 * mebibyte) await sleep(10);
    expect(() => updateResources(cgroup, {memory: {limit: mebibyte}})).toThrow(
      /linux.resources.memory.limit cannot be set: .* more is in use \(EBUSY\)/,
    );
    expect(child.exitCode).toBeNull();
    await killAll(cgroup);
  });

  test.each<[string, Resources, RegExp]>([
    [
      'a CPU that is not there',
      {cpu: {cpus: '4000'}},
      /cpu.cpus cannot be set: the cpuset controller/,
    ],
    [
      'a disk that is not there',
      {blockIO: {throttleReadBpsDevice: [{major: 250, minor: 250, rate: 1}]}},
      /throttleReadBpsDevice cannot be set: no device of this machine/,
    ],
    [
      'a quota below what is possible',
      {cpu: {quota: 1}},
      /cpu.quota cannot be set: the cpu controller/,
    ],
    [
      'a controller that is not mounted',
      {hugepageLimits: [{pageSize: '2MB', limit: 0}]},
      /hugepageLimits cannot be set: the container is in no cgroup of the hugetlb controller/,
    ],
    ['files of v2', {unified: {'memory.max': '1'}}, /are not there on v1/],
    ['devices', {devices: [{allow: false}]}, /cannot be changed while/],
  ])('%s: an error that names it', (_, resources, message) => {
    const cgroup = newCgroup(1);
    const refused = expect.objectContaining({
      code: 'ERESOURCE',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
    expect(() => updateResources(cgroup, resources)).toThrow(refused);
  });
});

describeOn(['v2', 'memory'], 'on the v2 side of a hybrid machine', () => {
  test('a controller that v1 has taken is named', () => {
    const cgroup = newCgroup(2);
    expect(() => updateResources(cgroup, {memory: {limit: 64 * mebibyte}})).toThrow(
      /memory.limit cannot be set: the memory controller is not enabled in/,
    );
    updateResources(cgroup, {unified: {'cgroup.max.depth': '3'}});
    const {directory} = cgroup.version === 2 ? cgroup : {directory: ''};
    expect(readFileSync(join(directory, 'cgroup.max.depth'), 'utf8')).toBe('3\n');
  });
});
