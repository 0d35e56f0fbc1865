import {describe, expect, it} from 'vitest';
import {parseMount} from './mount.ts';

const caller = {
  env: {},
  cwd: () => '/home/me',
  terminal: false,
  readFile: () => Buffer.alloc(0),
};
const mount = (text: string) => parseMount(text, caller);
const bind = {kind: 'bind', source: '/a', target: '/b'};

describe('--mount', () => {
  it.each([
    ['type=bind,source=/a,target=/b', bind],
    ['type=bind,src=/a,dst=/b', bind],
    ['TYPE=bind,destination=/b,src=/a', bind],
    ['type=bind,src=/a,dst=/b,ro', {...bind, readOnly: true}],
    ['type=bind,src=/a,dst=/b,readonly=true', {...bind, readOnly: true}],
    ['type=bind,src=/a,dst=/b,ro=0', bind],
    ['type=bind,src=./a,dst=/b', {...bind, source: '/home/me/a'}],
    ['type=bind,src=/a:b,dst=/b', {...bind, source: '/a:b'}],
    ['type=bind,"src=/a,b",dst=/b', {...bind, source: '/a,b'}],
    ['type=bind,src=/a=b,dst=/b', {...bind, source: '/a=b'}],
    ['type=bind,src=/a,dst=/b,bind-propagation=rslave', {...bind, propagation: 'rslave'}],
    ['type=bind,src=/a,dst=/b,bind-recursive=disabled', {...bind, recursive: false}],
    ['type=bind,src=/a,dst=/b,idmap', {...bind, idmap: 'container'}],
    ['type=bind,src=/a,dst=/b,idmap=true,U=true', {...bind, idmap: 'container', changeOwner: true}],
    ['type=bind,src=/a,dst=/b,idmap=false,chown=false,Z', bind],
    ['type=bind,src=/a,dst=/b,U,relabel=shared', {...bind, changeOwner: true}],
    ['type=tmpfs,dst=/t', {kind: 'tmpfs', target: '/t'}],
    [
      'type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1777,ro',
      {kind: 'tmpfs', target: '/t', options: ['ro', 'size=67108864', 'mode=1777']},
    ],
    ['type=tmpfs,dst=/t,tmpfs-size=1.5KiB', {kind: 'tmpfs', target: '/t', options: ['size=1536']}],
    ['type=tmpfs,dst=/t,tmpfs-size=10', {kind: 'tmpfs', target: '/t', options: ['size=10']}],
  ])('%s', (text, expected) => {
    expect(mount(text)).toEqual(expected);
  });

  it.each([
    ['', /is not KEY=VALUE/],
    ['src=/a,dst=/b', /means a volume/],
    ['type=volume,src=a,dst=/b', /means a volume/],
    ['type=npipe,src=a,dst=/b', /type is bind or tmpfs, not npipe/],
    ['type=bind,dst=/b', /has no source/],
    ['type=bind,src=,dst=/b', /has no source/],
    ['type=bind,src=/a', /has no target/],
    ['type=bind,src=a,dst=/b', /a source begins with/],
    ['type=bind,src=/a,dst=b', /not an absolute path/],
    ['type=bind,src=/a,dst=/', /the container’s \//],
    ['type=bind,src=/a,dst=/b,tmpfs-size=1m', /a bind mount has no tmpfs-size/],
    ['type=bind,src=/a,dst=/b,nope=1', /a bind mount has no nope/],
    ['type=bind,src=/a,dst=/b,toString=1', /a bind mount has no tostring/],
    ['type=constructor,dst=/b', /type is bind or tmpfs/],
    ['type=bind,src=/a,dst=/b,rw', /rw is not KEY=VALUE/],
    ['type=bind,src=/a,src=/c,dst=/b', /source stands there twice/],
    ['type=bind,src=/a,dst=/b,ro=maybe', /readonly is true or false/],
    ['type=bind,src=/a,dst=/b,bind-propagation=x', /unknown bind-propagation x/],
    ['type=bind,src=/a,dst=/b,bind-recursive=x', /bind-recursive is enabled or disabled/],
    ['type=bind,src=/a,dst=/b,chown=x', /chown is true or false/],
    ['type=bind,src=/a,dst=/b,idmap=x', /is no mapping/],
    ['type=tmpfs,dst=/b,idmap', /a tmpfs mount has no idmap/],
    ['type=bind,"src=/a', /a quote that is not closed/],
    ['type=bind,src="/a",dst=/b', /a quote that is not closed/],
    ['type=tmpfs,src=/a,dst=/b', /a tmpfs mount has no source/],
    ['type=tmpfs,dst=/t,tmpfs-size=big', /big is no size/],
    ['type=tmpfs,dst=/t,tmpfs-mode=999', /tmpfs-mode is octal/],
  ])('%j is refused', (text, message) => {
    expect(() => mount(text)).toThrow(message);
  });
});
