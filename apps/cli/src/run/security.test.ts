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
])('understands --security-opt %j', (values, expected) => {
  expect(securityOptions(values, caller)).toEqual(expected);
});

it.each([
  ['seccomp', 'is not known'],
  ['seccomp=', 'is not known'],
  ['apparmor=unconfined', 'is not known'],
  ['no-new-privileges=maybe', 'is not known'],
  ['seccomp=missing.json', 'cannot be read: ENOENT'],
])('refuses --security-opt %s', (value, message) => {
  expect(() => securityOptions([value], caller)).toThrow(message);
});
