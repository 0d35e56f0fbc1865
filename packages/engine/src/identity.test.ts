import {MinicontainerError} from '@minicontainer/errors';
import {buildSpec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {parseUser, withGroups, withKnownIds} from './identity.ts';

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

describe('the ids that a configuration can say', () => {
  const spec = buildSpec({args: ['sh'], rootPath: '/', user: {uid: 0, gid: 0, umask: 0o77}});
  const said = (user: string, groups: readonly string[], setgroups = true) =>
    withKnownIds(spec, withGroups(parseUser(user), groups), setgroups).process?.user;

  test.each([
    ['0:0', [], {uid: 0, gid: 0, additionalGids: [0]}],
    ['77:078', ['9', '78', '9'], {uid: 77, gid: 78, additionalGids: [78, 9]}],
  ])('%s with %j', (user, groups, ids) => {
    expect(said(user, groups)).toEqual({...ids, umask: 0o77});
  });

  test('have no groups where nobody may have any', () => {
    expect(said('5:6', [], false)).toEqual({uid: 5, gid: 6, umask: 0o77});
  });

  // The container's own files tell.
  test.each([
    ['77', []],
    ['web', []],
    ['web:5', []],
    ['77:web', []],
    ['77:78', ['audio']],
  ])('%s with %j are not known', (user, groups) => {
    expect(said(user, groups)).toEqual(spec.process?.user);
  });
});
