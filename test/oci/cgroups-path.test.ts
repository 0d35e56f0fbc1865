import {existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';

const idle = ['sleep', '1000'];

function at(cgroupsPath: string | undefined, resources?: object) {
  return ({linux, ...spec}: Spec): Spec => {
    const {cgroupsPath: _, ...rest} = linux ?? {};
    return {
      ...spec,
      linux: {
        ...rest,
        ...(cgroupsPath !== undefined && {cgroupsPath}),
        ...(resources && {resources}),
      },
    };
  };
}

function cgroupOf(runtime: TestRuntime, id: string, controller: string): string | undefined {
  const {pid} = JSON.parse(runtime.must('state', id));
  const text = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  return new RegExp(`^\\d+:${controller}:(.*)$`, 'm').exec(text)?.[1];
}

describe('a cgroup', () => {
  test.each([
    ['from the top', (path: string) => `/${path}`],
    ['without a leading slash', (path: string) => path],
  ])('by a path %s is made, every level of it, and removed at the end', (_, write) => {
    using runtime = new TestRuntime();
    const path = `${runtime.cgroup}/outer/inner`;
    runtime.start(runtime.bundle('path', idle, at(write(path))), 'path');
    expect(cgroupOf(runtime, 'path', 'pids')).toBe(`/${path}`);
    runtime.must('delete', '--force', 'path');
    expect(existsSync(`/sys/fs/cgroup/pids/${path}`)).toBe(false);
  });

  test('is named by the id where the spec names none', () => {
    using runtime = new TestRuntime();
    const id = runtime.cgroup.replace('/', '-');
    runtime.start(runtime.bundle('unnamed', idle, at(undefined)), id);
    expect(cgroupOf(runtime, id, 'freezer')).toBe(`/${id}`);
  });

  test('that leads upwards stays below the top', () => {
    using runtime = new TestRuntime();
    const path = `${runtime.cgroup}/up`;
    runtime.start(runtime.bundle('up', idle, at(`/../../${path}/x/..`)), 'up');
    expect(cgroupOf(runtime, 'up', 'memory')).toBe(`/${path}`);
  });

  test('that something runs in is refused, as with the container it would end', () => {
    using runtime = new TestRuntime();
    runtime.start(runtime.bundle('first', idle), 'first');
    const path = cgroupOf(runtime, 'first', 'pids');
    expect(() => runtime.create(runtime.bundle('second', idle, at(path)), 'second')).toThrow(
      /is not empty: it has processes/,
    );
    expect(() => runtime.create(runtime.bundle('top', idle, at('/')), 'top')).toThrow(
      /is not empty/,
    );
    expect(JSON.parse(runtime.must('state', 'first')).status).toBe('running');
    expect(runtime.run('state', 'second').status).toBe(1);
  });

  test('that is frozen is refused: nothing would ever run in it', () => {
    using runtime = new TestRuntime();
    const directory = `/sys/fs/cgroup/freezer/${runtime.cgroup}/frozen`;
    mkdirSync(directory, {recursive: true});
    writeFileSync(join(directory, 'freezer.state'), 'FROZEN');
    const bundle = runtime.bundle('frozen', idle, at(`/${runtime.cgroup}/frozen`));
    try {
      expect(() => runtime.create(bundle, 'frozen')).toThrow(/is frozen/);
    } finally {
      rmdirSync(directory);
    }
  });

  test('is not made with --cgroup-manager disabled, and then nothing can be limited or frozen', () => {
    using runtime = new TestRuntime();
    runtime.start(runtime.bundle('bare', idle), 'bare', '--cgroup-manager', 'disabled');
    expect(cgroupOf(runtime, 'bare', 'pids')).toBe(
      /^\d+:pids:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1],
    );
    expect(runtime.run('pause', 'bare').stderr).toContain('has no cgroup');
    const limited = runtime.bundle('limited', idle, at(undefined, {pids: {limit: 9}}));
    expect(() => runtime.create(limited, 'limited', '--cgroup-manager', 'disabled')).toThrow(
      /linux\.resources\.pids\.limit needs the cgroup controller pids: cgroups are disabled/,
    );
  });
});

describe('the form of the other manager is refused', () => {
  test("a path where systemd is asked for, in runc's words", () => {
    using runtime = new TestRuntime();
    expect(() =>
      runtime.create(runtime.bundle('path', idle, at('/a/b')), 'path', '--systemd-cgroup'),
    ).toThrow(/expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got/);
  });

  test('slice:prefix:name where systemd is not asked for', () => {
    using runtime = new TestRuntime();
    const bundle = runtime.bundle('unit', idle, at('machine.slice:libpod:one'));
    expect(() => runtime.create(bundle, 'unit')).toThrow(/give --systemd-cgroup/);
    expect(() => runtime.create(bundle, 'unit2', '--cgroup-manager', 'fancy')).toThrow(
      /unknown cgroup manager "fancy"/,
    );
  });

  test('a scope where no systemd runs', () => {
    using runtime = new TestRuntime();
    const bundle = runtime.bundle('scope', idle, at('machine.slice:libpod:one'));
    expect(() => runtime.create(bundle, 'scope', '--systemd-cgroup')).toThrow(
      /systemd not running on this host, cannot use systemd cgroups manager/,
    );
  });
});

test('properties of systemd among the annotations change nothing (CVE-2024-3154)', () => {
  using runtime = new TestRuntime();
  const annotations = {'org.systemd.property.ExecStartPre': "'/bin/touch /tmp/owned'"};
  const bundle = runtime.bundle('annotated', idle, (spec) => ({...spec, annotations}));
  runtime.start(bundle, 'annotated');
  expect(JSON.parse(runtime.must('state', 'annotated')).annotations).toEqual(annotations);
  expect(runtime.must('features')).not.toContain('org.systemd.property');
});
