import {expect, it} from 'vitest';
import type {Caller} from './caller.ts';
import {securityOptions} from './security.ts';

const caller: Caller = {
  env: {},
  cwd: () => '/',
  readFile: (path) => {
    if (path === 'profile.json') return Buffer.from('{}');
    throw Object.assign(new Error('no'), {code: 'ENOENT'});
  },
  terminal: false,
};

it.each([
  [['seccomp=unconfined'], {seccomp: {kind: 'unconfined'}}],
  [['seccomp:unconfined'], {seccomp: {kind: 'unconfined'}}],
  [['seccomp=profile.json'], {seccomp: {kind: 'profile', profile: '{}'}}],
  [['no-new-privileges'], {noNewPrivileges: true}],
  [['no-new-privileges=false'], {noNewPrivileges: false}],
  [
    ['no-new-privileges:true', 'seccomp=unconfined'],
    {noNewPrivileges: true, seccomp: {kind: 'unconfined'}},
  ],
  [undefined, {}],
  [['apparmor=unconfined'], {apparmor: 'unconfined'}],
  [['landlock=unconfined'], {landlock: 'unconfined'}],
  [['apparmor:mine'], {apparmor: 'mine'}],
  [['label=disable'], {labels: ['disable']}],
  [['label=type:t', 'label:level:s0:c1'], {labels: ['type:t', 'level:s0:c1']}],
  [['mask=/a:/b', 'mask=/c'], {mask: ['/a', '/b', '/c']}],
  [['unmask=/proc/*:/sys/x', 'systempaths=unconfined'], {unmask: ['/proc/*', '/sys/x', 'ALL']}],
  [['proc-opts=hidepid=2,subset=pid'], {procOptions: ['hidepid=2', 'subset=pid']}],
])('understands --security-opt %j', (values, expected) => {
  expect(securityOptions(values, caller)).toEqual(expected);
});

it.each([
  ['seccomp', 'is not known'],
  ['seccomp=', 'is not known'],
  ['apparmor', 'is not known'],
  ['apparmor=', 'is not known'],
  ['systempaths=other', 'is not known'],
  ['landlock=other', 'is not known'],
  ['no-new-privileges=maybe', 'is not known'],
  ['seccomp=missing.json', 'cannot be read: ENOENT'],
])('refuses --security-opt %s', (value, message) => {
  expect(() => securityOptions([value], caller)).toThrow(message);
});
