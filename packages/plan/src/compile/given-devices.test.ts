import {buildSpec, type Device, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import {compileDevices} from './devices.ts';
import {deviceNumber} from './given-devices.ts';
import type {HostFacts} from './host.ts';

const root: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const user: HostFacts = {...root, uid: 1000, gid: 1000, capabilities: 0n};
const ids = [{containerID: 0, hostID: 1000, size: 65536}];
const fuse: Device = {
  type: 'c',
  path: '/dev/fuse',
  major: 10,
  minor: 229,
  fileMode: 0o660,
  uid: 1,
  gid: 2,
};

function lines(devices: readonly Device[], facts: HostFacts, own: boolean, dev = 'tmpfs') {
  const built = buildSpec({
    args: ['sh'],
    rootPath: '/',
    userNamespace: own ? {uidMappings: ids, gidMappings: ids} : undefined,
    mounts: [{destination: '/dev', type: dev, source: '/dev'}],
  });
  const spec: Spec = {...built, linux: {...built.linux, devices}};
  return compileDevices(spec, facts)
    .filter(({why}) => !/harmless|where programs/.test(why))
    .map((some) => `${some.stage} ${describeOperation(some)}`);
}

describe('a device that a spec gives', () => {
  test('is made in /dev, where root shares the ids of the host', () => {
    expect(lines([fuse], root, false)).toEqual([
      'build makeDevice root=root path=dev/fuse mode=020660 device=10:229 uid=1 gid=2',
    ]);
  });

  test('is none of the host’s own terminals, whatever an engine lists', () => {
    const ptmx: Device = {type: 'c', path: '/dev/ptmx', major: 5, minor: 2};
    expect(lines([ptmx], root, false)).toEqual([]);
  });

  test('is made by the supervisor and bound, where the container has ids of its own', () => {
    expect(lines([fuse], root, true)).toEqual([
      'prepare createMount type=tmpfs source=minicontainer options=[mode=755] attributes=nosuid|noexec to=devices',
      'prepare makeDevice root=devices path=0 mode=020660 device=10:229 uid=1001 gid=1002',
      'build attachMount mount=devices root=scratch target=devices create=true',
      'build openTree root=devices path=0 to="device 0"',
      'build attachMount mount="device 0" root=root target=dev/fuse file=true create=true',
    ]);
  });

  test('is the host’s, checked by its number, for who can make none', () => {
    const facts = {...user, devices: {'c 10:229': '/dev/other'}};
    for (const who of [facts, {...facts, uid: 0, nested: true}]) {
      expect(lines([fuse], who, true)).toEqual([
        'build openDevice path=/dev/other mode=020000 device=10:229 to="device /dev/fuse"',
        'build attachMount mount="device /dev/fuse" root=root target=dev/fuse file=true create=true',
      ]);
    }
    expect(() => lines([fuse], user, true)).toThrow('the host has no device c 10:229');
  });

  test('is a pipe that anybody can make', () => {
    const pipe: Device = {type: 'p', path: '/srv/pipe'};
    for (const facts of [root, user]) {
      expect(lines([pipe], facts, true)).toEqual([
        'build makeDevice root=root path=srv/pipe mode=010666 uid=0 gid=0',
      ]);
    }
  });

  test('is not made in the /dev of the host', () => {
    expect(lines([fuse], root, false, 'bind')).toEqual([]);
  });

  test('belongs to nobody that the container has not', () => {
    expect(() => lines([{...fuse, uid: 70_000}], root, true)).toThrow('70000 of /dev/fuse');
  });
});

test.each([
  [1, 3, 0x103n],
  [254, 0, 0xfe00n],
  [10, 229, 0xae5n],
  [259, 0x12345, (0x123n << 20n) | 0x10345n],
  [0x1234, 5, (1n << 44n) | 0x23405n],
])('the number of device %i:%i is %i', (major, minor, number) => {
  expect(deviceNumber({major, minor})).toBe(number);
});
