import {buildSpec, type Linux, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import type {HostFacts} from './host.ts';
import {compileSysctls} from './sysctl.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0n,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const ids = [{containerID: 0, hostID: 100000, size: 65536}];
const base = buildSpec({
  args: ['sh'],
  rootPath: '/',
  userNamespace: {uidMappings: ids, gidMappings: ids},
});

function compile(name: string, linux: Partial<Linux> = {}, facts: Partial<HostFacts> = {}) {
  const spec: Spec = {...base, linux: {...base.linux, sysctl: {[name]: '1'}, ...linux}};
  return compileSysctls(spec, {...host, ...facts}).map(describeOperation);
}

describe('a sysctl', () => {
  test.each([
    ['net.ipv4.ip_forward', 'sys/net/ipv4/ip_forward'],
    ['net/ipv4/conf/eth0.1/forwarding', 'sys/net/ipv4/conf/eth0.1/forwarding'],
    ['net.ipv4.conf.eth0/1.forwarding', 'sys/net/ipv4/conf/eth0.1/forwarding'],
    ['kernel.sem', 'sys/kernel/sem'],
    ['fs.mqueue.queues_max', 'sys/fs/mqueue/queues_max'],
    ['user.max_user_namespaces', 'sys/user/max_user_namespaces'],
  ])('%s is written at %s', (name, path) => {
    expect(compile(name)).toEqual([`writeControl procfs=procfs path=${path} data=1`]);
  });

  test('of a name is the system call that sets it', () => {
    expect(compile('kernel.domainname')).toEqual(['setDomainname name=1']);
  });

  test.each([
    'kernel.core_pattern',
    'kernel.shmmax.x',
    'vm.drop_caches',
    'fs.mqueue',
    'fs.file-max',
    'net',
    'user.other',
    'constructor',
  ])('%s is the whole host’s', (name) => {
    expect(() => compile(name)).toThrow(`the sysctl ${name} belongs to the whole host`);
  });

  test.each(['', 'net..x', 'net/../../x', 'net/./x', '/net/x', 'net/x/', '.net'])(
    '%j is none',
    (name) => {
      expect(() => compile(name)).toThrow('there is no sysctl');
    },
  );

  test('is refused where its namespace is the host’s, by none or by its path', () => {
    const namespaces = base.linux?.namespaces?.filter(({type}) => type !== 'network') ?? [];
    const joined = [...namespaces, {type: 'network', path: '/ns'} as const];
    expect(() => compile('net.x', {namespaces})).toThrow('network namespace the container shares');
    expect(() => compile('net.x', {namespaces: joined}, {ownNamespaces: ['/ns']})).toThrow(
      'network namespace the container shares',
    );
    expect(compile('net.x', {namespaces: joined}, {ownNamespaces: []})).toHaveLength(1);
  });
});
