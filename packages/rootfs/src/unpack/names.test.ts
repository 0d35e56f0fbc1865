import {describe, expect, it} from 'vitest';
import {normalisePath, parentOf, quote} from './names.ts';

describe('a path of an archive', () => {
  it.each([
    ['a', 'a'],
    ['a/b', 'a/b'],
    ['./a', 'a'],
    ['/a', 'a'],
    ['///a//b///', 'a/b'],
    ['a/./b/.', 'a/b'],
    ['./', ''],
    ['/', ''],
    ['.', ''],
    ['-rf', '-rf'],
    ['a\nb\\c', 'a\nb\\c'],
    ['..a/b..', '..a/b..'],
    ['...', '...'],
    ['.hidden/.a', '.hidden/.a'],
    ['\xc3\xa4\xff', '\xc3\xa4\xff'],
  ])('%j is %j', (path, normal) => {
    expect(normalisePath(path, 'name')).toBe(normal);
  });

  it.each([
    ['', 'is empty'],
    ['a\0b', 'holds a NUL byte'],
    ['..', 'leads up by ..'],
    ['../a', 'leads up by ..'],
    ['/../a', 'leads up by ..'],
    ['a/../b', 'leads up by ..'],
    ['a/..', 'leads up by ..'],
    ['a/.././b', 'leads up by ..'],
    ['x'.repeat(256), 'has a part of more than 255 bytes'],
    [`a/${'x'.repeat(256)}/b`, 'has a part of more than 255 bytes'],
    ['a/'.repeat(257), 'is more than 256 directories deep'],
    [Array.from({length: 17}, () => 'x'.repeat(250)).join('/'), 'is longer than 4095 bytes'],
  ])('%j is refused: it %s', (path, problem) => {
    expect(() => normalisePath(path, 'name')).toThrow(`its name ${problem}`);
  });

  it('may be as long and as deep as the kernel takes it', () => {
    expect(normalisePath('x'.repeat(255), 'name')).toHaveLength(255);
    expect(normalisePath('a/'.repeat(256), 'name').split('/')).toHaveLength(256);
  });
});

it.each([
  ['', ''],
  ['a', ''],
  ['a/b', 'a'],
  ['a/b/c', 'a/b'],
])('%j lies in %j', (path, parent) => {
  expect(parentOf(path)).toBe(parent);
});

it('shows no control character of a name, and not more than a line of it', () => {
  expect(quote('a\u001b[2Jb')).not.toContain('\u001b');
  expect(quote('x'.repeat(4000)).length).toBeLessThan(250);
});
