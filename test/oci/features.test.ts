import {expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';

const leftToFileSystems = [
  ...['acl', 'noacl', 'dirsync', 'iversion', 'noiversion', 'lazytime', 'nolazytime', 'loud'],
  ...['silent', 'mand', 'nomand', 'remount', 'sync'],
];
/** The recursive ones of options that change nothing. */
const withoutEffect = ['ratime', 'rnorelatime', 'rnostrictatime'];

test('features has all that runc says of itself', () => {
  using runtime = new TestRuntime();
  using runc = new TestRuntime('runc');
  const [found, yardstick] = [runtime, runc].map((one) => JSON.parse(one.must('features')));
  for (const [place, ours, theirs] of [
    ['hooks', found.hooks, yardstick.hooks],
    ['namespaces', found.linux.namespaces, yardstick.linux.namespaces],
    ['actions', found.linux.seccomp.actions, yardstick.linux.seccomp.actions],
    ['operators', found.linux.seccomp.operators, yardstick.linux.seccomp.operators],
    ['architectures', found.linux.seccomp.archs, yardstick.linux.seccomp.archs],
    ['capabilities', found.linux.capabilities, yardstick.linux.capabilities],
  ]) {
    expect(ours, place).toEqual(expect.arrayContaining(theirs));
  }
  const known = new Set([...found.mountOptions, ...leftToFileSystems, ...withoutEffect]);
  expect(yardstick.mountOptions.filter((option: string) => !known.has(option))).toEqual([]);
  expect(found.linux.cgroup).toMatchObject(yardstick.linux.cgroup);
});

test('features names the extensions, and no annotation that is obeyed', () => {
  using runtime = new TestRuntime();
  const features = JSON.parse(runtime.must('features'));
  expect(features.potentiallyUnsafeConfigAnnotations).toEqual([]);
  expect(features.linux.mountExtensions).toEqual({idmap: {enabled: true}});
  expect(new Set(features.mountOptions).size).toBe(features.mountOptions.length);
  for (const option of ['rro', 'idmap', 'ridmap', 'tmpcopyup', 'rprivate']) {
    expect(features.mountOptions).toContain(option);
  }
});
