import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {compileDeviceFilter, defaultDeviceRules} from '@minicontainer/cgroups';
import type {DeviceRule} from '@minicontainer/spec';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {describeOn, makeCgroup} from './hierarchies.ts';

const EPERM = 1;

describeOn(['v2'], 'device filters in this kernel', () => {
  const place = mkdtempSync(join(tmpdir(), 'minicontainer-devices-'));
  afterAll(() => rmSync(place, {recursive: true, force: true}));
  const binary = join(place, 'device-filter');

  beforeAll(() => {
    const source = join(import.meta.dirname, 'device-filter.c');
    const flags = ['-Wall', '-Wextra', '-Werror', '-O1', '-o', binary];
    const {status, stderr} = spawnSync('gcc', [...flags, source], {encoding: 'utf8'});
    if (status !== 0) throw new Error(stderr);
  });

  /** The errno of each try, 0 for none. */
  function judge(rules: readonly DeviceRule[], ...tries: readonly string[]): number[] {
    const words = compileDeviceFilter(rules);
    const bytes = Buffer.alloc(words.length * 4);
    for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, index * 4);
    const cgroup = tries.length > 0 ? [makeCgroup('v2', 'devices')] : [];
    const options = {input: bytes, cwd: place, encoding: 'utf8'} as const;
    const {status, stdout, stderr} = spawnSync(binary, [...cgroup, ...tries], options);
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    return stdout.split('\n').filter(Boolean).map(Number);
  }

  test('its verifier takes the program, whatever the rules', () => {
    const number = fc.constantFrom(undefined, -1, 0, 5, 4095, 2 ** 31, 2 ** 32 - 1);
    const rule = fc
      .tuple(
        fc.boolean(),
        fc.constantFrom('a', 'b', 'c'),
        number,
        number,
        fc.subarray(['r', 'w', 'm']),
      )
      .map(
        ([allow, type, major, minor, access]): DeviceRule => ({
          allow,
          ...(type === 'a' ? {} : {type: type === 'b' ? 'b' : 'c'}),
          ...(major !== undefined && {major}),
          ...(minor !== undefined && {minor}),
          access: access.join('') || 'rwm',
        }),
      );
    fc.assert(
      fc.property(fc.array(rule, {maxLength: 12}), (rules) => {
        expect(judge(rules)).toEqual([]);
      }),
      {numRuns: 100},
    );
  });

  test('its verifier takes five hundred rules', () => {
    const many = Array.from(
      {length: 500},
      (_, minor): DeviceRule => ({
        allow: minor % 3 > 0,
        type: minor % 2 > 0 ? 'c' : 'b',
        major: 10,
        minor,
        access: ['r', 'w', 'm', 'rw', 'rwm'][minor % 5] ?? '',
      }),
    );
    expect(judge(many)).toEqual([]);
  });

  test('by default a container opens the harmless devices, and makes nodes of all', () => {
    const tries = ['/dev/null:rw', '/dev/zero:r', '/dev/full:w', '/dev/urandom:r', '/dev/ptmx:rw'];
    expect(judge(defaultDeviceRules, ...tries)).toEqual([0, 0, 0, 0, 0]);
    expect(judge(defaultDeviceRules, 'c:10:229', 'b:8:0')).toEqual([0, 0]);
    expect(judge(defaultDeviceRules, '/dev/kmsg:r', '/dev/null:r')).toEqual([EPERM, 0]);
  });

  test('without rules it opens nothing and makes nothing', () => {
    expect(judge([], '/dev/null:r', 'c:1:3', 'b:8:0')).toEqual([EPERM, EPERM, EPERM]);
  });

  test('a rule that denies writing holds for an open that reads, too', () => {
    const rules: DeviceRule[] = [
      ...defaultDeviceRules,
      {allow: false, type: 'c', major: 1, minor: 3, access: 'w'},
    ];
    expect(judge(rules, '/dev/null:r', '/dev/null:w', '/dev/null:rw')).toEqual([0, EPERM, EPERM]);
  });

  test('the last rule decides', () => {
    const kmsg = {type: 'c', major: 1, minor: 11, access: 'r'} as const;
    const allowed: DeviceRule[] = [{allow: false}, {...kmsg, allow: true}];
    expect(judge(allowed, '/dev/kmsg:r', '/dev/kmsg:w')).toEqual([0, EPERM]);
    expect(judge([...allowed, {...kmsg, allow: false}], '/dev/kmsg:r')).toEqual([EPERM]);
  });
});
