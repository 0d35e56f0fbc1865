import {createHash} from 'node:crypto';
import {capabilityNames} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {defaultProfile} from '../profile/default.ts';
import {assembleFilter} from './assemble.ts';
import {compilerVersion, type ProgramCache, programKey} from './cache.ts';
import {compileSeccomp} from './compile.ts';
import type {Filter} from './filter.ts';

const filter: Filter = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 2}],
};
const rule = {names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 2} as const;

function memory(): ProgramCache & {readonly kept: Map<string, Uint8Array>} {
  const kept = new Map<string, Uint8Array>();
  return {kept, get: (key) => kept.get(key), put: (key, program) => void kept.set(key, program)};
}

describe('a cache of programs', () => {
  test('is asked before a filter is compiled, and told what came of it', () => {
    const cache = memory();
    const first = compileSeccomp(filter, {architecture: 'x86_64', cache});
    expect([...cache.kept.values()]).toEqual([first.program]);
    const known = new Uint8Array(8);
    for (const key of cache.kept.keys()) cache.kept.set(key, known);
    expect(compileSeccomp(filter, {architecture: 'x86_64', cache}).program).toBe(known);
  });

  test('is not needed for the usual filter', () => {
    const cache = memory();
    const usual = defaultProfile({
      capabilities: ['CAP_SYS_CHROOT'],
      kernel: '6.1',
      architecture: 'x86_64',
    });
    compileSeccomp(usual, {architecture: 'x86_64', cache});
    expect(cache.kept.size).toBe(0);
  });

  test('is told of no filter that is refused', () => {
    const cache = memory();
    const wrong: Filter = {...filter, defaultAction: 'SCMP_ACT_NOTIFY'};
    expect(() => compileSeccomp(wrong, {architecture: 'x86_64', cache})).toThrow();
    expect(cache.kept.size).toBe(0);
  });

  test.each<[string, Filter]>([
    ['the default action', {...filter, defaultAction: 'SCMP_ACT_LOG'}],
    ['its errno', {...filter, defaultErrnoRet: 3}],
    ['an architecture', {...filter, architectures: ['SCMP_ARCH_X86']}],
    ['an errno', {...filter, syscalls: [{...rule, errnoRet: 3}]}],
    ['the order', {...filter, syscalls: [{...rule, names: ['a', 'b']}]}],
    [
      'an argument',
      {...filter, syscalls: [{...rule, args: [{index: 0, value: 1, op: 'SCMP_CMP_EQ'}]}]},
    ],
  ])('knows filters apart that differ in %s', (_, other) => {
    expect(programKey(other, 'x86_64')).not.toBe(programKey(filter, 'x86_64'));
    expect(programKey(filter, 'aarch64')).not.toBe(programKey(filter, 'x86_64'));
  });

  test('keeps no filter that JSON cannot hold', () => {
    const args = [{index: 0, value: 2n ** 64n - 1n, op: 'SCMP_CMP_EQ'} as const];
    const cache = memory();
    compileSeccomp({...filter, syscalls: [{...rule, args}]}, {architecture: 'x86_64', cache});
    expect(cache.kept.size).toBe(0);
  });
});

// A program kept by an older version must not be taken for this one's. Where the digest differs, count
// compilerVersion up and put the new one in its place.
test('a compiler that makes other programs has another version', () => {
  const hash = createHash('sha256');
  for (const machine of ['x86_64', 'aarch64'] as const) {
    for (const capabilities of [[], capabilityNames, ...capabilityNames.map((name) => [name])]) {
      for (const kernel of ['4.7', '6.18']) {
        const one = defaultProfile({capabilities, kernel, architecture: machine});
        hash.update(assembleFilter(one, machine));
      }
    }
    for (const op of ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'] as const) {
      const args = [{index: 5, value: 2 ** 40 + 3, valueTwo: 7, op: `SCMP_CMP_${op}` as const}];
      const rules = [{...rule, args}, {names: ['bind', 'semop'], action: 'SCMP_ACT_TRAP'} as const];
      const one: Filter = {defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules};
      hash.update(assembleFilter({...one, architectures: ['SCMP_ARCH_X86']}, machine));
    }
  }
  expect(`${compilerVersion}: ${hash.digest('hex')}`).toBe(
    '1: e471737746c5179ea9ca98eb6c3b1c8e029b512ef4f1df579976b1c7d1243ab4',
  );
});
