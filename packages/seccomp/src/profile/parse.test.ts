import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, test} from 'vitest';
import {parseProfile} from './parse.ts';

const target = {
  capabilities: ['CAP_A', 'CAP_B'],
  kernel: '5.10.0-23',
  architecture: 'x86_64',
} as const;
const allow = {names: ['read'], action: 'SCMP_ACT_ALLOW'};

function parse(profile: object, change: object = {}) {
  return parseProfile(JSON.stringify({defaultAction: 'SCMP_ACT_ERRNO', ...profile}), {
    ...target,
    ...change,
  });
}

test('a profile becomes the filter that the OCI configuration has', () => {
  const filter = parse({
    defaultErrnoRet: 38,
    archMap: [
      {architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM']},
      {architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86']},
    ],
    flags: ['SECCOMP_FILTER_FLAG_LOG'],
    syscalls: [
      {
        names: ['socket'],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: 97,
        args: [{index: 0, value: 16, valueTwo: 0, op: 'SCMP_CMP_EQ'}],
        comment: 'no netlink',
        includes: {},
        excludes: null,
      },
      {name: 'read', action: 'SCMP_ACT_ALLOW', args: null},
    ],
  });
  expect(filter).toEqual({
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 38,
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
    flags: ['SECCOMP_FILTER_FLAG_LOG'],
    syscalls: [
      {
        names: ['socket'],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: 97,
        args: [{index: 0, value: 16, valueTwo: 0, op: 'SCMP_CMP_EQ'}],
      },
      {names: ['read'], action: 'SCMP_ACT_ALLOW'},
    ],
  });
});

describe('a rule counts', () => {
  const counts = (circumstances: object, change: object = {}) =>
    (parse({syscalls: [{...allow, ...circumstances}]}, change).syscalls ?? []).length === 1;

  test('with every included capability, and without any excluded one', () => {
    expect(counts({includes: {caps: ['CAP_A', 'CAP_B']}})).toBe(true);
    expect(counts({includes: {caps: ['CAP_A', 'CAP_C']}})).toBe(false);
    expect(counts({excludes: {caps: ['CAP_C']}})).toBe(true);
    expect(counts({excludes: {caps: ['CAP_C', 'CAP_B']}})).toBe(false);
  });

  test('on any included architecture, and on none excluded', () => {
    expect(counts({includes: {arches: ['arm64', 'amd64']}})).toBe(true);
    expect(counts({includes: {arches: ['arm64']}})).toBe(false);
    expect(counts({includes: {arches: ['arm64']}}, {architecture: 'aarch64'})).toBe(true);
    expect(counts({excludes: {arches: ['s390x', 'amd64']}})).toBe(false);
  });

  test.each([
    ['5.9', true],
    ['5.10', true],
    ['5.11', false],
    ['4.19', true],
    ['6.0', false],
  ])('from kernel %s on: %s on 5.10', (minKernel, newEnough) => {
    expect(counts({includes: {minKernel}})).toBe(newEnough);
    expect(counts({excludes: {minKernel}})).toBe(!newEnough);
  });
});

test("Podman's errno by name is understood", () => {
  const filter = parse({
    defaultErrno: 'ENOSYS',
    defaultErrnoRet: 38,
    syscalls: [{...allow, action: 'SCMP_ACT_ERRNO', errno: 'EACCES'}],
  });
  expect(filter).toMatchObject({defaultErrnoRet: 38, syscalls: [{errnoRet: 13}]});
});

test.each([
  ['{', /^seccomp profile: not JSON: /],
  ['[]', 'the whole: expected an object, found []'],
  [{defaultAction: undefined}, '/defaultAction: expected an action, SCMP_ACT_…, found nothing'],
  [{defaultAction: 'ALLOW'}, '/defaultAction: expected an action, SCMP_ACT_…, found "ALLOW"'],
  [{syscalls: {}}, '/syscalls: expected an array, found {}'],
  [{syscalls: [{...allow, names: []}]}, '/syscalls/0: expected at least one of names, found {'],
  [{syscalls: [allow, {...allow, names: ['']}]}, '/syscalls/1/names/0: expected a name, found ""'],
  [{syscalls: [{...allow, name: 'read'}]}, '/syscalls/0: expected either name or names, not both'],
  [{syscalls: [{names: ['read']}]}, '/syscalls/0/action: expected an action'],
  [{syscalls: [{...allow, errnoRet: -1}]}, '/syscalls/0/errnoRet: expected an integer from 0 to'],
  [{defaultErrno: 'ENOPE'}, '/defaultErrno: expected an errno such as "EPERM", found "ENOPE"'],
  [{defaultErrno: 'EPERM', defaultErrnoRet: 2}, '/defaultErrno: expected the name of errno 2'],
  [{flags: ['LOG']}, '/flags/0: expected SECCOMP_FILTER_FLAG_…, found "LOG"'],
  [
    {architectures: ['x86']},
    '/architectures/0: expected an architecture, SCMP_ARCH_…, found "x86"',
  ],
  [
    {architectures: ['SCMP_ARCH_X86'], archMap: [{architecture: 'SCMP_ARCH_X86'}]},
    'the whole: expected either architectures or archMap, not both',
  ],
  [withArgument({index: 6}), '/syscalls/0/args/0/index: expected an integer from 0 to 5, found 6'],
  [
    withArgument({op: 'EQ'}),
    '/syscalls/0/args/0/op: expected a comparison, SCMP_CMP_…, found "EQ"',
  ],
  [withArgument({value: '1'}), '/syscalls/0/args/0/value: expected an integer from 0 to'],
  [
    withArgument({value: 2 ** 64}),
    '/value: expected an integer up to 2^53 - 1, as JavaScript rounds',
  ],
  [
    withArgument({value: undefined}),
    '/syscalls/0/args/0/value: expected an integer, found nothing',
  ],
  [
    {syscalls: [{...allow, includes: {minKernel: '5'}}]},
    '/syscalls/0/includes/minKernel: expected a kernel version such as "4.8", found "5"',
  ],
])('%j is refused with the place', (profile, message) => {
  const text =
    typeof profile === 'string'
      ? profile
      : JSON.stringify({defaultAction: 'SCMP_ACT_ERRNO', ...profile});
  expect(() => parseProfile(text, target)).toThrow(message);
  expect(() => parseProfile(text, target)).toThrow(MinicontainerError);
});

function withArgument(change: object): object {
  const argument = {index: 0, value: 1, op: 'SCMP_CMP_EQ', ...change};
  return {syscalls: [{...allow, args: [argument]}]};
}
