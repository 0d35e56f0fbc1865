import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {ours, TestRuntime} from './harness/runtime.ts';

const idle = ['sleep', '1000'];
const mebibyte = 1 << 20;

function limited(runtime: TestRuntime, id: string, resources: object = {}): string {
  const bundle = runtime.bundle(id, idle, ({linux, ...spec}) => ({
    ...spec,
    linux: {...linux, resources: {...linux?.resources, ...resources}},
  }));
  return runtime.start(bundle, id);
}

/** Of a container's cgroup on v1, which this machine has. */
function file(runtime: TestRuntime, id: string, name: string): string {
  const controller = name.split('.')[0] ?? '';
  return readFileSync(join('/sys/fs/cgroup', controller, runtime.cgroup, id, name), 'utf8').trim();
}

function updateFrom(runtime: TestRuntime, id: string, resources: unknown) {
  return spawnSync(ours, ['--root', runtime.root, 'update', '--resources', '-', id], {
    encoding: 'utf8',
    input: JSON.stringify(resources),
  });
}

describe('update', () => {
  test('changes what is named, and leaves the rest', () => {
    using runtime = new TestRuntime();
    limited(runtime, 'flags', {memory: {limit: 64 * mebibyte}, cpu: {shares: 512}});
    runtime.must('update', '--memory', '96m', '--pids-limit', '9', 'flags');
    expect(file(runtime, 'flags', 'memory.limit_in_bytes')).toBe(`${96 * mebibyte}`);
    expect(file(runtime, 'flags', 'pids.max')).toBe('9');
    expect(file(runtime, 'flags', 'cpu.shares')).toBe('512');
    runtime.must('update', '--cpu-quota', '50000', '--cpu-period', '100000', 'flags');
    runtime.must('update', '--cpu-quota=-1', '--cpu-share', '1024', '--cpuset-cpus', '0', 'flags');
    expect(file(runtime, 'flags', 'cpu.cfs_quota_us')).toBe('-1');
    expect(file(runtime, 'flags', 'cpu.shares')).toBe('1024');
    expect(file(runtime, 'flags', 'cpuset.cpus')).toBe('0');
  });

  test('takes resources as JSON, with all that an engine knows of a container', () => {
    using runtime = new TestRuntime();
    limited(runtime, 'json');
    const devices = [{allow: false, access: 'rwm'}];
    const {status, stderr} = updateFrom(runtime, 'json', {
      devices,
      memory: {limit: 64 * mebibyte, swap: 128 * mebibyte, kernel: 0},
      cpu: {shares: 256, quota: 0, period: 0, cpus: '', mems: ''},
      blockIO: {weight: 0},
      pids: {limit: 20},
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(file(runtime, 'json', 'memory.limit_in_bytes')).toBe(`${64 * mebibyte}`);
    expect(file(runtime, 'json', 'pids.max')).toBe('20');
    expect(file(runtime, 'json', 'cpu.shares')).toBe('256');
  });

  test('refuses other devices, unknown values and what is no JSON, each by name', () => {
    using runtime = new TestRuntime();
    limited(runtime, 'refused');
    const said = (resources: unknown) => updateFrom(runtime, 'refused', resources).stderr;
    expect(said({devices: [{allow: true, access: 'rwm'}]})).toContain('resources.devices');
    expect(said({memory: {limit: 'much'}})).toContain('/linux/resources/memory/limit');
    expect(said({pids: {limit: 3.5}})).toContain('/linux/resources/pids/limit');
    expect(runtime.run('update', '--memory', 'much', 'refused').stderr).toContain(
      'invalid value for memory: "much"',
    );
    expect(runtime.run('update', '-r', '/nowhere', 'refused').status).toBe(1);
  });

  test('holds for a paused container, and for none that has ended', () => {
    using runtime = new TestRuntime();
    limited(runtime, 'paused');
    runtime.must('pause', 'paused');
    runtime.must('update', '--pids-limit', '5', 'paused');
    expect(file(runtime, 'paused', 'pids.max')).toBe('5');
    runtime.must('kill', 'paused', 'KILL');
    while (JSON.parse(runtime.must('state', 'paused')).status !== 'stopped');
    expect(runtime.run('update', '--pids-limit', '6', 'paused').stderr).toContain(
      'container not running',
    );
  });

  test('of a class of resctrl needs one', () => {
    using runtime = new TestRuntime();
    limited(runtime, 'rdt');
    expect(existsSync('/sys/fs/resctrl/schemata')).toBe(false);
    expect(runtime.run('update', '--l3-cache-schema', 'L3:0=f', 'rdt').stderr).toContain(
      'has no class of resctrl',
    );
  });
});
