import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, test} from 'vitest';
import {parseUser} from './identity.ts';

describe('the user of -u', () => {
  test.each<[string, string, string]>([
    ['0', '0', ''],
    ['1000', '1000', ''],
    ['00', '00', ''],
    ['1000:1000', '1000', '1000'],
    ['www-data', 'www-data', ''],
    ['www-data:adm', 'www-data', 'adm'],
    ['1000:adm', '1000', 'adm'],
    ['_apt', '_apt', ''],
    ['machine$', 'machine$', ''],
    ['4294967294:4294967294', '4294967294', '4294967294'],
  ])('%s', (text, user, group) => {
    expect(parseUser(text)).toEqual({user, group});
  });

  // Each was once taken for root or for somebody else by an engine (CVE-2026-30892).
  test.each([
    '',
    ':',
    '1000:',
    ':5',
    '1000:1000:',
    '1000:1000:1000',
    '0x0',
    '1e3',
    '-1',
    '+1',
    ' 0',
    '0 ',
    '0\n',
    'root\n',
    '1000.5',
    '4294967295',
    '4294967296',
    '1000:4294967295',
    '18446744073709551616',
    '1000abc',
    'a b',
    'a/b',
    'a\0b',
    '٣',
    '０',
  ])('%j is none', (text) => {
    expect(() => parseUser(text)).toThrow(MinicontainerError);
    expect(() => parseUser(text)).toThrow(expect.objectContaining({code: 'EUSER', exitCode: 125}));
  });
});
