import {mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {makeDirectories} from './directories.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'minicontainer-directories-'));
});
afterEach(() => rmSync(root, {recursive: true}));

it('makes all that are missing, for their owner alone', () => {
  const path = join(root, 'a/b/c');
  makeDirectories(path);
  makeDirectories(path);
  for (const made of ['a', 'a/b', 'a/b/c']) {
    expect(statSync(join(root, made)).mode & 0o777).toBe(0o700);
  }
  symlinkSync('a', join(root, 'link'));
  makeDirectories(join(root, 'link'));
  makeDirectories(join(root, 'link/d'));
  expect(statSync(join(root, 'a/d')).isDirectory()).toBe(true);
});

it('says why it cannot', () => {
  writeFileSync(join(root, 'file'), '');
  symlinkSync('nowhere', join(root, 'dangling'));
  symlinkSync('/proc/self', join(root, 'kernel'));
  const codes = ['file', 'file/a', 'dangling', 'kernel/x', 'kernel/x/y'].map((name) => {
    try {
      makeDirectories(join(root, name));
      return 'made';
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  });
  expect(codes).toEqual(['EEXIST', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOENT']);
});
