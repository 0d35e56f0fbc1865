import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {
  type CgroupWrite,
  defaultDeviceRules,
  deviceEntries,
  resourceWrites,
  writeAll,
} from '@minicontainer/cgroups';
import type {DeviceRule, Resources} from '@minicontainer/spec';
import {beforeAll, describe, expect, test} from 'vitest';
import {describeOn, hierarchy, makeCgroup, room} from './hierarchies.ts';
import {buildBundle, type Runtime, runtimes, withContainer} from './runtimes.ts';

const mebibyte = 1 << 20;
const controllers = ['memory', 'cpu', 'cpuset', 'pids', 'blkio', 'devices'];

// What Debian's runc 1.1 and crun 1.8 know; `burst` and a limit of no task came later.
const table: readonly [string, Resources][] = [
  ['nothing', {}],
  ['memory', {memory: {limit: 64 * mebibyte}}],
  ['memory and swap', {memory: {limit: 64 * mebibyte, swap: 96 * mebibyte}}],
  ['memory without swap', {memory: {limit: 64 * mebibyte, swap: 64 * mebibyte}}],
  ['memory with all swap', {memory: {limit: 64 * mebibyte, swap: -1}}],
  [
    'memory, in all its ways',
    {
      memory: {
        limit: 64 * mebibyte,
        reservation: 32 * mebibyte,
        swappiness: 10,
        disableOOMKiller: true,
      },
    },
  ],
  ['shares', {cpu: {shares: 512}}],
  ['a quota and its period', {cpu: {quota: 50_000, period: 200_000}}],
  ['a quota', {cpu: {quota: 20_000}}],
  ['a period', {cpu: {period: 50_000}}],
  ['a CPU', {cpu: {cpus: '0'}}],
  ['a CPU and a node', {cpu: {cpus: '0', mems: '0'}}],
  ['tasks', {pids: {limit: 17}}],
];

/** crun 1.8 writes -1 as a number without a sign, and the kernel refuses that. */
const runcOnly: typeof table = [
  ['no quota', {cpu: {quota: -1}}],
  ['no limit of tasks', {pids: {limit: -1}}],
];

describeOn(controllers, 'what is written into cgroups of v1', () => {
  beforeAll(buildBundle);

  describe.each(runtimes)('and %s writes', (runtime) => {
    test.each(runtime === 'runc' ? [...table, ...runcOnly] : table)('for %s', (name, resources) => {
      const path = `${runtime}-${name.replaceAll(/\W+/g, '-')}`;
      const writes = resourceWrites(resources, 1);
      const ours = apply(path, writes);
      const theirs = look(runtime, path, resources, valuesIn);
      expect(ours).toEqual(theirs);
      // A container that asks for nothing is in the cpuset all the same.
      expect(ours['cpuset.cpus']).toMatch(/^\d/);
    });

    const disk: DeviceRule = {allow: true, type: 'b', major: 254, minor: 0, access: 'r'};
    test.each<[string, readonly DeviceRule[]]>([
      ['the usual devices', [{allow: false, access: 'rwm'}]],
      ['a device more', [{allow: false, access: 'rwm'}, disk]],
      ['a device twice', [{allow: false, access: 'rwm'}, disk, {...disk, access: 'w'}]],
    ])('for %s', (name, devices) => {
      const path = `${runtime}-${name.replaceAll(' ', '-')}`;
      const rules = [...devices, ...defaultDeviceRules];
      makeCgroup('devices', `ours-${path}`);
      apply(path, deviceEntries(rules));
      const theirs = look(runtime, path, {devices}, devicesIn);
      // runc has tun, and the console by its own number; neither is in every container.
      const usual = (line: string) => !/^c (10:200|5:1) /.test(line);
      expect(devicesIn(`ours-${path}`).filter(usual)).toEqual(theirs.filter(usual));
      expect(theirs.length).toBeGreaterThan(8);
    });
  });
});

/** Each file that a limit may be in, with what the kernel says of it. */
function valuesIn(path: string): Record<string, string> {
  const files = {
    memory: ['limit_in_bytes', 'memsw.limit_in_bytes', 'soft_limit_in_bytes', 'swappiness'],
    cpu: ['shares', 'cfs_quota_us', 'cfs_period_us', 'cfs_burst_us', 'idle'],
    cpuset: ['cpus', 'mems'],
    pids: ['max'],
  };
  const values: Record<string, string> = {};
  for (const [controller, names] of Object.entries(files)) {
    for (const name of names) {
      values[`${controller}.${name}`] = read(controller, path, `${controller}.${name}`);
    }
  }
  // Below it stands whether it is out of memory now.
  values.oom = read('memory', path, 'memory.oom_control').split('\n')[0] ?? '';
  return values;
}

function devicesIn(path: string): string[] {
  return read('devices', path, 'devices.list').split('\n').sort();
}

function read(controller: string, path: string, file: string): string {
  return readFileSync(join(hierarchy(controller) ?? '', room, path, file), 'utf8').trim();
}

function apply(path: string, writes: readonly CgroupWrite[]): Record<string, string> {
  const directories = Object.fromEntries(
    controllers.map((controller) => [controller, makeCgroup(controller, `ours-${path}`)]),
  );
  writeAll({version: 1, directories}, writes);
  return valuesIn(`ours-${path}`);
}

function look<T>(
  runtime: Runtime,
  path: string,
  resources: Resources,
  from: (path: string) => T,
): T {
  return withContainer(runtime, `/${room}/${path}`, resources, () => from(path));
}
