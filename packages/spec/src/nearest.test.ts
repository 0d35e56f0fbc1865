import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {nearest} from './nearest.ts';

const words = ['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN', 'BPF', 'KILL'];

describe('nearest', () => {
  it.each([
    ['NETADMIN', 'NET_ADMIN'],
    ['NET_ADMNI', 'NET_ADMIN'],
    ['SYSADMIN', 'SYS_ADMIN'],
    ['KIL', 'KILL'],
    ['FOO', undefined],
    ['', undefined],
    ['SOMETHING_ELSE', undefined],
  ])('takes %j for %j', (word, meant) => {
    expect(nearest(word, words)).toBe(meant);
  });

  it('finds a word that has one letter changed, added or left out', () => {
    const edit = fc.record({
      word: fc.constantFrom(...words.filter(({length}) => length > 4)),
      at: fc.nat(4),
      removed: fc.nat(1),
      added: fc.constantFrom('', 'Q'),
    });
    fc.assert(
      fc.property(edit, ({word, at, removed, added}) => {
        const changed = word.slice(0, at) + added + word.slice(at + removed);
        expect(nearest(changed, words)).toBe(word);
      }),
    );
  });
});
