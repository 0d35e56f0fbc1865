import {expect, it} from 'vitest';
import type {Caller} from './caller.ts';
import {parseDevice} from './device.ts';

const caller: Caller = {
  env: {},
  cwd: () => '/here',
  readFile: () => Buffer.alloc(0),
  terminal: false,
};

it.each([
  ['/dev/fuse', '/dev/fuse', '/dev/fuse', 'rwm'],
  ['/dev/fuse:rw', '/dev/fuse', '/dev/fuse', 'rw'],
  ['/dev/fuse:/dev/x', '/dev/fuse', '/dev/x', 'rwm'],
  ['/dev/fuse:/dev/x:r', '/dev/fuse', '/dev/x', 'r'],
  ['/dev/../dev/fuse', '/dev/fuse', '/dev/fuse', 'rwm'],
  ['dev', '/here/dev', '/here/dev', 'rwm'],
])('--device %s is %s at %s, %s', (text, source, target, access) => {
  expect(parseDevice(text, caller)).toEqual({source, target, access});
});

it.each([
  '',
  ':/dev/x',
  '/dev/a:/dev/b:r:w',
  '/dev/a:/dev/b:x',
  '/dev/a:rr',
  '/dev/a:b/c',
  '/a:/b:',
])('refuses --device %j', (text) => {
  expect(() => parseDevice(text, caller)).toThrow('--device');
});
