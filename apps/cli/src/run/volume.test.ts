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
    ['/a:/b:ro,noexec,idmap', {...plain, readOnly: true, options: ['noexec', 'idmap']}],
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
