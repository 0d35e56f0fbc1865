import {describe, expect, it} from 'vitest';
import {parseTmpfs} from './tmpfs.ts';

describe('--tmpfs', () => {
  it.each([
    ['/run', {kind: 'tmpfs', target: '/run'}],
    [
      '/run:size=64m,mode=1777',
      {kind: 'tmpfs', target: '/run', options: ['size=64m', 'mode=1777']},
    ],
    ['/run:size=50%,exec', {kind: 'tmpfs', target: '/run', options: ['size=50%', 'exec']}],
    ['/run:uid=1,gid=2,ro', {kind: 'tmpfs', target: '/run', options: ['uid=1', 'gid=2', 'ro']}],
  ])('%s', (text, mount) => {
    expect(parseTmpfs(text)).toEqual(mount);
  });

  it.each([
    ['', /not an absolute path/],
    ['run', /run is not an absolute path/],
    ['/', /the container’s \//],
    ['/run:', /unknown option ''/],
    ['/run:nope', /unknown option nope/],
    ['/run:size', /size has no value that size can have/],
    ['/run:size=', /no value that size can have/],
    ['/run:size=64x', /no value that size can have/],
    ['/run:mode=999', /no value that mode can have/],
    ['/run:constructor=1', /unknown option constructor=1/],
  ])('%j is refused', (text, message) => {
    expect(() => parseTmpfs(text)).toThrow(message);
  });
});
