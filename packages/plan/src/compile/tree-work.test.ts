import {capabilityMask, type UserNamespace} from '@minicontainer/spec';
import {describe, expect, it} from 'vitest';
import {encodePlan} from '../encode.ts';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {compileTreeWork} from './tree-work.ts';

const rootHost: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 0},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {uid: '/usr/bin/newuidmap', gid: '/usr/bin/newgidmap'},
};
const userHost: HostFacts = {...rootHost, uid: 1000, gid: 1000, capabilities: 0n};
const own = [{containerID: 0, hostID: 1000, size: 1}];
const some = [...own, {containerID: 1, hostID: 100_000, size: 65_536}];
const single: UserNamespace = {uidMappings: own, gidMappings: own};
const subordinate: UserNamespace = {uidMappings: some, gidMappings: some};
const files = capabilityMask([
  ...(['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH', 'CAP_FOWNER'] as const),
  ...(['CAP_FSETID', 'CAP_MKNOD', 'CAP_SETFCAP', 'CAP_SYS_CHROOT'] as const),
]);

const write = operation('keep', 'writeTree', {target: '/t', lower: 'lower'}, 'a test');
const mount = operation('keep', 'openPath', {root: undefined, path: '/l', to: 'lower'}, 'a test');
const remove = operation('vacate', 'removeTree', {path: '/t', journal: false}, 'a test');

function compile(host: HostFacts, userNamespace?: UserNamespace): readonly Operation[] {
  const owner = {host, ...(userNamespace && {userNamespace})};
  return compileTreeWork(owner, [remove, write], [mount]).operations;
}

function of<N extends Operation['op']>(operations: readonly Operation[], op: N) {
  return operations.filter((some): some is Extract<Operation, {op: N}> => some.op === op);
}

describe.each([
  ['the host’s root', rootHost, undefined, ['cloneKeeper']],
  [
    'a plain user with one id',
    userHost,
    single,
    ['cloneKeeper', 'writeProcess', 'writeProcess', 'writeProcess'],
  ],
  [
    'a plain user with subordinate ids',
    userHost,
    subordinate,
    ['cloneKeeper', 'runMapper', 'runMapper'],
  ],
])('work on files as %s', (_, host, userNamespace, before) => {
  const operations = compile(host, userNamespace);

  it('is done by a keeper in namespaces of its own, with the capabilities alone that files take', () => {
    expect(operations.map(({op}) => op)).toEqual([
      ...before,
      'releaseKeeper',
      'awaitRelease',
      ...(userNamespace === undefined ? [] : ['becomeRoot']),
      ...['unshare', 'setPropagation', 'createMount', 'attachMount', 'openPath'],
      ...['dropBounding', 'setCapabilities', 'noNewPrivileges'],
      ...['dieWithSupervisor', 'writeTree', 'removeTree', 'supervise'],
    ]);
    const [capabilities] = of(operations, 'setCapabilities');
    expect(capabilities?.args).toEqual({
      ...{effective: files, permitted: files, inheritable: 0n, ambient: 0n},
    });
    expect(of(operations, 'dropBounding')[0]?.args.keep).toBe(files);
  });

  it('can be encoded', () => {
    const owner = {host, ...(userNamespace && {userNamespace})};
    const work = [write];
    expect(() => encodePlan(compileTreeWork(owner, work, [mount]))).not.toThrow();
  });
});

it('asks for no capability that the host’s root has not', () => {
  const capabilities = capabilityMask(['CAP_CHOWN', 'CAP_NET_ADMIN']);
  const [set] = of(compile({...rootHost, capabilities}), 'setCapabilities');
  expect(set?.args.permitted).toBe(capabilityMask(['CAP_CHOWN']));
});

it('makes a user namespace where the files have owners of its own, and only there', () => {
  const flags = (operations: readonly Operation[]) => of(operations, 'cloneKeeper')[0]?.args.flags;
  const user = 0x1000_0000n;
  expect((flags(compile(userHost, single)) ?? 0n) & user).toBe(user);
  expect((flags(compile(rootHost)) ?? user) & user).toBe(0n);
});

it('refuses subordinate ids where nobody can map them', () => {
  const host = {...userHost, mappers: {}};
  expect(() => compile(host, subordinate)).toThrow('newgidmap is missing');
});
