import {describe, expect, it} from 'vitest';
import {userNamespace} from './userns.ts';

const none = {
  userns: undefined,
  uidmap: undefined,
  gidmap: undefined,
  subuidname: undefined,
  subgidname: undefined,
};
const userns = (...modes: string[]) => userNamespace({...none, userns: modes});

describe('--userns', () => {
  it.each(['auto', 'host', 'keep-id', 'nomap'])('%s is a mode of its own', (mode) => {
    expect(userns(mode)).toBe(mode);
    expect(userns(mode, mode)).toBe(mode);
  });

  it('takes options as Podman does', () => {
    expect(userns('keep-id:uid=11,gid=12')).toEqual({kind: 'keep-id', uid: 11, gid: 12});
    expect(userns('keep-id:gid=0')).toEqual({kind: 'keep-id', gid: 0});
    expect(userns('auto:size=1000')).toEqual({kind: 'auto', size: 1000, maps: {}});
    expect(userns('auto:uidmapping=0:5:1,uidmapping=7:9:2,gidmapping=1:2:3')).toEqual({
      kind: 'auto',
      maps: {
        uidMappings: [
          {containerID: 0, hostID: 5, size: 1},
          {containerID: 7, hostID: 9, size: 2},
        ],
        gidMappings: [{containerID: 1, hostID: 2, size: 3}],
      },
    });
  });

  it.each([
    ['container:abc', /joining a user namespace is not supported/],
    ['ns:/proc/1/ns/user', /joining a user namespace is not supported/],
    ['private', /private is not known/],
    ['', /'' is not known/],
    ['host:size=1', /is not known/],
    ['nomap:uid=1', /is not known/],
    ['auto:', /unknown option ''/],
    ['auto:size', /unknown option size/],
    ['auto:size=x', /size is a number/],
    ['auto:size=1,size=2', /size stands there twice/],
    ['auto:uid=1', /unknown option uid=1/],
    ['auto:uidmapping=0:1:x', /is not CONTAINER:HOST:SIZE/],
    ['keep-id:uid=-1', /uid is a number/],
    ['keep-id:uid=root', /uid is a number/],
  ])('%j is refused', (mode, message) => {
    expect(() => userns(mode)).toThrow(message);
  });
});

describe('--uidmap, --gidmap, --subuidname and --subgidname', () => {
  it('map exactly what they say', () => {
    expect(userNamespace({...none, uidmap: ['0:1:10', '10:0'], gidmap: ['0:0:1']})).toEqual({
      kind: 'maps',
      maps: {
        uidMappings: [
          {containerID: 0, hostID: 1, size: 10},
          {containerID: 10, hostID: 0, size: 1},
        ],
        gidMappings: [{containerID: 0, hostID: 0, size: 1}],
      },
    });
    expect(userNamespace({...none, gidmap: ['0:0:1']})).toEqual({
      kind: 'maps',
      maps: {gidMappings: [{containerID: 0, hostID: 0, size: 1}]},
    });
    expect(userNamespace({...none, subgidname: 'me'})).toEqual({kind: 'subordinate', groups: 'me'});
  });

  it.each([
    '',
    '0',
    '0:',
    '0:0:',
    ':0:0',
    '0:0:0:0',
    'a:b:c',
    '-1:0:1',
    '0x0:0:1',
    '@0:0:1',
    '+0:0:1',
  ])('%j is refused', (text) => {
    expect(() => userNamespace({...none, uidmap: [text]})).toThrow(/is not CONTAINER:HOST:SIZE/);
  });

  it('contradict --userns and each other', () => {
    const contradiction = /contradict each other/;
    const uidmap = ['0:0:1'];
    expect(() => userNamespace({...none, uidmap, userns: ['auto']})).toThrow(contradiction);
    expect(() => userNamespace({...none, uidmap, subuidname: 'me'})).toThrow(contradiction);
    expect(() => userNamespace({...none, userns: ['auto'], subgidname: 'me'})).toThrow(
      contradiction,
    );
    expect(() => userns('auto', 'keep-id')).toThrow(contradiction);
  });
});
