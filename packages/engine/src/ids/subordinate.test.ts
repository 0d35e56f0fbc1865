import {describe, expect, test} from 'vitest';
import {parseSubordinate} from './subordinate.ts';

describe('a line of /etc/subuid', () => {
  test.each<[string, ReturnType<typeof parseSubordinate>]>([
    ['me:100000:65536', [{owner: 'me', start: 100000, count: 65536}]],
    ['1000:100000:65536 ', [{owner: '1000', start: 100000, count: 65536}]],
    ['a.b-c_d$:1:2', [{owner: 'a.b-c_d$', start: 1, count: 2}]],
    ['', []],
    ['# me:1:2', []],
    ['me:1', []],
    ['me:1:2:3', []],
    ['me:-1:2', []],
    ['me:0x10:2', []],
    [':1:2', []],
  ])('%j', (line, parsed) => {
    expect(parseSubordinate(line)).toEqual(parsed);
  });

  test('is one of many', () => {
    expect(parseSubordinate('a:1:2\n\nb:3:4\nbad\n')).toHaveLength(2);
  });
});
