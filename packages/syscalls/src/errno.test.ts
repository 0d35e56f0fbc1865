import {constants} from 'node:os';
import {describe, expect, it} from 'vitest';
import {describeErrno, errnoNumber} from './errno.ts';

describe('the errno table', () => {
  it('agrees with every errno that Node knows', () => {
    const aliases = new Map([
      ['EWOULDBLOCK', 'EAGAIN'],
      ['ENOTSUP', 'EOPNOTSUPP'],
    ]);
    for (const [name, number] of Object.entries(constants.errno)) {
      expect(describeErrno(number).name).toBe(aliases.get(name) ?? name);
    }
  });

  it('has a text for people', () => {
    expect(describeErrno(2)).toEqual({errno: 2, name: 'ENOENT', text: 'No such file or directory'});
  });

  it('finds a number by its name', () => {
    expect(errnoNumber('ENOTEMPTY')).toBe(39);
    expect(errnoNumber('ENONSENSE')).toBeUndefined();
  });

  it('still says something of a number it does not know', () => {
    expect(describeErrno(4095)).toEqual({errno: 4095, name: 'E4095', text: 'Unknown error 4095'});
  });
});
