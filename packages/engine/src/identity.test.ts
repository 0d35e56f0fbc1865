import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, test} from 'vitest';
import {parseUser, sharesHostIds, shiftedNamespace, userNamespaceOf} from './identity.ts';
import type {RunOptions} from './options.ts';

const options: RunOptions = {source: {kind: 'host'}, command: ['sh']};

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

describe('the ids of the host', () => {
  test.each<[Partial<RunOptions>, number, boolean]>([
    [{}, 0, false],
    [{userns: 'auto'}, 0, false],
    [{userns: 'host'}, 0, true],
    [{privileged: true}, 0, true],
    [{privileged: false}, 0, false],
    [{}, 1000, false],
    [{privileged: true}, 1000, false],
  ])('with %j for uid %i are shared: %s', (changes, uid, shared) => {
    expect(sharesHostIds({...options, ...changes}, uid)).toBe(shared);
  });

  test('cannot be shared by a plain user, who is told so', () => {
    expect(() => sharesHostIds({...options, userns: 'host'}, 1000)).toThrow(
      expect.objectContaining({code: 'EUSERNS', hint: expect.stringContaining('--userns host')}),
    );
  });
});

describe('a user namespace', () => {
  test('of root is a range of its own, root outside being nobody inside', () => {
    const {uidMappings, gidMappings} = shiftedNamespace(0x70000000);
    expect(uidMappings).toEqual([{containerID: 0, hostID: 0x70000000, size: 65536}]);
    expect(gidMappings).toEqual(uidMappings);
  });

  test('of a plain user has him as root, and no id twice', () => {
    const {uidMappings, gidMappings} = userNamespaceOf(4000000000, 4000000001);
    expect(uidMappings[0]).toEqual({containerID: 0, hostID: 4000000000, size: 1});
    expect(gidMappings[0]).toEqual({containerID: 0, hostID: 4000000001, size: 1});
    for (const mappings of [uidMappings, gidMappings]) {
      let next = 0;
      for (const {containerID, size} of mappings) {
        expect(containerID).toBe(next);
        next += size;
      }
    }
  });
});
