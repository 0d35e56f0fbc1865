import {describe, expect, test} from 'vitest';
import {differences, gatherPaths} from './differences.ts';
import {mountAt} from './mounts.ts';
import {beyond} from './weaker.ts';

const allows = (...things: readonly (string | [string, number])[]) =>
  new Map(
    things.map((thing): [string, number] => (typeof thing === 'string' ? [thing, 1] : thing)),
  );

describe('what one allows beyond the others', () => {
  test('is what none of them allows', () => {
    expect(beyond(allows('a', 'b', 'c'), [allows('a'), allows('b')])).toEqual(['c']);
  });

  test('is a limit above the highest of theirs', () => {
    const others = [allows(['open files', 1024]), allows(['open files', 4096])];
    expect(beyond(allows(['open files', 4096]), others)).toEqual([]);
    expect(beyond(allows(['open files', 4097]), others)).toEqual(['open files']);
    expect(beyond(allows(['open files', Number.POSITIVE_INFINITY]), others)).toHaveLength(1);
  });
});

test('a path is on the last of the longest mounts above it', () => {
  const mount = (place: string, ...options: readonly string[]) => ({
    place,
    options,
    propagation: [],
  });
  const mounts = [mount('/', 'rw'), mount('/dev', 'nosuid'), mount('/dev', 'ro')];
  expect(mountAt(mounts, '/dev/shm')?.options).toEqual(['ro']);
  expect(mountAt(mounts, '/dev')?.options).toEqual(['ro']);
  expect(mountAt(mounts, '/devices')?.options).toEqual(['rw']);
});

test('things are told once for all that allow the same, and left out where all do', () => {
  const all = new Map([
    ['one', allows('read: a', 'read: b', 'write: b')],
    ['two', allows('read: a', 'read: c(0x1)', 'read: c(0x2)')],
  ]);
  expect(differences('read: ', all)).toEqual([
    {allowedBy: ['one'], things: ['b']},
    {allowedBy: ['two'], things: ['c']},
  ]);
});

test('many paths of one folder are told as that folder', () => {
  const many = ['a', 'b', 'c', 'd'].map((name) => `/sys/module/${name}/parameters`);
  expect(gatherPaths(['/proc/kmsg', ...many])).toEqual(['/proc/kmsg', '/sys/module/… (4)']);
});
