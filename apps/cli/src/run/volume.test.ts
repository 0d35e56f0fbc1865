import {describe, expect, it} from 'vitest';
import {parseVolume} from './volume.ts';

const caller = {
  env: {},
  cwd: () => '/home/me',
  terminal: false,
  readFile: () => Buffer.alloc(0),
};
const volume = (text: string) => parseVolume(text, caller);
const plain = {kind: 'bind', source: '/a', target: '/b', createSource: true};

describe('-v', () => {
  it.each([
    ['/a:/b', plain],
    ['/a/:/b/', plain],
    ['/a:/x/../b', plain],
    ['/a:/b:rw', plain],
    ['/a:/b:z', plain],
    ['.:/b', {...plain, source: '/home/me'}],
    ['./x:/b', {...plain, source: '/home/me/x'}],
    ['../x:/b', {...plain, source: '/home/x'}],
    ['/a:/b:ro', {...plain, readOnly: true}],
    ['/a:/b:ro,rslave', {...plain, readOnly: true, propagation: 'rslave'}],
    ['/a:/b:bind,Z', {...plain, recursive: false}],
    ['/a:/b:rbind', {...plain, recursive: true}],
    ['/a:/b:ro,noexec', {...plain, readOnly: true, options: ['noexec']}],
    ['/a:/b:idmap', {...plain, idmap: 'container'}],
    ['/a:/b:ridmap', {...plain, idmap: 'container', options: ['ridmap']}],
    ['/a:/b:U,z', {...plain, changeOwner: true}],
    [
      '/a:/b:idmap=uids=0-1000-1#1-2000-10;gids=@5-0-1',
      {
        ...plain,
        idmap: {
          uidMappings: [
            {containerID: 0, hostID: 1000, size: 1},
            {containerID: 1, hostID: 2000, size: 10},
          ],
          gidMappings: [{containerID: 5, hostID: 0, size: 1}],
          relative: {uids: false, gids: true},
        },
      },
    ],
    [
      '/a:/b:idmap=uids=@1000-0-1',
      {
        ...plain,
        idmap: {
          uidMappings: [{containerID: 1000, hostID: 0, size: 1}],
          gidMappings: [{containerID: 1000, hostID: 0, size: 1}],
          relative: {uids: true, gids: true},
        },
      },
    ],
  ])('%s', (text, mount) => {
    expect(volume(text)).toEqual(mount);
  });

  it.each([
    ['', /no directory of this machine/],
    ['/a', /no directory of this machine/],
    [':/b', /nothing before the colon/],
    ['/a:', /not an absolute path/],
    ['/a:b', /b is not an absolute path of the container/],
    ['/a:/', /the container’s \//],
    ['/a:/..', /the container’s \//],
    ['/a:/b:', /unknown option ''/],
    ['/a:/b:rox', /unknown option rox/],
    ['/a:/b:ro,rw', /ro and rw contradict/],
    ['/a:/b:exec,noexec', /exec and noexec contradict/],
    ['/a:/b:private,shared', /private and shared contradict/],
    ['/a:/b:ro:z', /too many colons/],
    ['/a:/b:idmap=x', /idmap=x'? is no mapping/],
    ['/a:/b:idmap=uids=0-1', /is no mapping/],
    ['/a:/b:idmap=uids=0-1-2-3', /is no mapping/],
    ['/a:/b:idmap=uids=0-1-2;uids=0-1-2', /is no mapping/],
    ['/a:/b:idmap=uids=0--1-2', /is no mapping/],
    ['/a:/b:u', /unknown option u/],
    ['data:/b', /named volume/],
    ['a/b:/b', /a source begins with/],
  ])('%j is refused', (text, message) => {
    expect(() => volume(text)).toThrow(message);
  });

  it('a name that is a directory here gets the spelling that means it', () => {
    expect(() => volume('data:/b')).toThrow(
      expect.objectContaining({hint: 'for a directory write -v ./data:…'}),
    );
  });
});
