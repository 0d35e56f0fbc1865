import {describe, expect, test} from 'vitest';
import {judgeKernel, type KernelFacts} from './kernel.ts';
import {isSince, parseRelease} from './kernel-version.ts';

const calls = {
  openat2: 'there',
  clone3: 'there',
  pidfd_open: 'there',
  mount_setattr: 'there',
} as const;
const whole: KernelFacts = {release: '6.18.44-cloud', calls, overlay: true};

function lacking(facts: Partial<KernelFacts>) {
  return judgeKernel({...whole, ...facts}).filter(({ok}) => ok !== true);
}

test('a release is read as a version, whatever stands behind', () => {
  expect(parseRelease('6.1.0-18-cloud-amd64')).toEqual([6, 1]);
  expect(parseRelease('no number')).toEqual([0, 0]);
  expect(isSince([5, 12], [5, 12])).toBe(true);
  expect(isSince([5, 9], [5, 12])).toBe(false);
  expect(isSince([6, 1], [5, 12])).toBe(true);
});

describe('a kernel', () => {
  test('that has all lacks nothing', () => {
    expect(lacking({})).toEqual([]);
  });

  test.each([
    ['5.10.0', ['kernel', 'overlay', 'cgroup.kill']],
    ['5.13.0', ['overlay', 'cgroup.kill']],
    ['5.18.0', ['overlay']],
    ['6.1.0', []],
  ])('%s lacks what came later', (release, names) => {
    const found = lacking({release});
    expect(found.map(({name}) => name)).toEqual(names);
    for (const {ok, fix} of found) expect([ok, fix !== undefined]).toEqual(['warn', true]);
  });

  test('before Linux 6.6 keeps on disk what containers write', () => {
    const found = judgeKernel({...whole, release: '6.1.0'}).find(({name}) => name === 'overlay');
    expect(found?.found).toMatch(/on disk/);
  });

  test.each([
    ['openat2', false],
    ['mount_setattr', false],
    ['pidfd_open', false],
    ['clone3', 'warn'],
  ] as const)('without %s is told so, and where a filter keeps it away', (call, ok) => {
    const [found] = lacking({calls: {...calls, [call]: 'missing'}});
    expect(found).toMatchObject({ok, fix: expect.stringMatching(/newer kernel/)});
    const [forbidden] = lacking({calls: {...calls, [call]: 'forbidden'}});
    expect(forbidden).toMatchObject({ok, fix: expect.stringMatching(/seccomp=unconfined/)});
  });

  test('without overlay has a host view that nobody can write', () => {
    expect(lacking({overlay: false})).toMatchObject([{ok: 'warn', fix: 'modprobe overlay'}]);
  });
});
