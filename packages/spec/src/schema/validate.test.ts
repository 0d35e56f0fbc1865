import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, it} from 'vitest';
import type {Spec} from '../index.ts';
import {validateSpec} from './index.ts';

/** Everything a configuration can have, with values that are right. */
const full: Spec = {
  ociVersion: '1.2.1+build.5',
  root: {path: 'rootfs', readonly: true},
  process: {
    terminal: true,
    consoleSize: {height: 25, width: 80},
    user: {uid: 1, gid: 4294967295, additionalGids: [5, 6], umask: 18},
    args: ['sh', ''],
    env: ['PATH=/bin', 'EMPTY=', 'LINES=a\nb'],
    cwd: '/',
    capabilities: {bounding: ['CAP_CHOWN', 'CAP_OF_THE_FUTURE2'], inheritable: [], ambient: []},
    rlimits: [
      {type: 'RLIMIT_CORE', soft: 0, hard: 2 ** 64},
      {type: 'RLIMIT_NOFILE', soft: 1024, hard: 1024},
    ],
    noNewPrivileges: true,
    apparmorProfile: 'acme_secure_profile',
    selinuxLabel: 'system_u:system_r:svirt_lxc_net_t:s0:c124,c675',
    oomScoreAdj: -500,
    scheduler: {policy: 'SCHED_BATCH', nice: -5, priority: 0, flags: ['SCHED_FLAG_RECLAIM']},
    ioPriority: {class: 'IOPRIO_CLASS_IDLE', priority: 4},
    execCPUAffinity: {initial: '7', final: '0-3,7'},
  },
  hostname: 'slartibartfast',
  domainname: 'example.org',
  mounts: [
    {destination: '/proc'},
    {destination: 'relative', source: 'x', type: 'none', options: ['rbind', 'rro']},
    {
      destination: '/data',
      source: '/srv',
      options: ['bind', 'idmap'],
      uidMappings: [{containerID: 0, hostID: 1000, size: 1}],
      gidMappings: [{containerID: 0, hostID: 1000, size: 1}],
    },
  ],
  hooks: {
    prestart: [{path: '/bin/fix', args: ['fix', '1'], env: ['A=b'], timeout: 5}],
    poststop: [{path: '/bin/gone'}],
  },
  annotations: {'com.example.key': '', ['__proto__']: 'x'},
  linux: {
    namespaces: [{type: 'pid', path: '/proc/1/ns/pid'}, {type: 'user'}, {type: 'time'}],
    uidMappings: [
      {containerID: 0, hostID: 100000, size: 1000},
      {containerID: 1000, hostID: 1000, size: 1},
      {containerID: 1001, hostID: 101001, size: 64535},
    ],
    gidMappings: [{containerID: 0, hostID: 0, size: 4294967295}],
    timeOffsets: {boottime: {secs: -10, nanosecs: 999_999_999}, monotonic: {}},
    devices: [
      {type: 'c', path: '/dev/fuse', major: 10, minor: 229, fileMode: 438, uid: 0, gid: 0},
      {type: 'p', path: '/run/fifo'},
    ],
    netDevices: {eth0: {name: 'inside%d'}, eth1: {}},
    cgroupsPath: 'system.slice:minicontainer:1',
    resources: {
      devices: [
        {allow: false, access: 'rwm'},
        {allow: true, type: 'c', major: 1, minor: -1},
      ],
      memory: {limit: -1, swap: 2 ** 40, swappiness: 0, disableOOMKiller: false},
      cpu: {shares: 1024, quota: 1000, burst: 1000, cpus: '2-3', mems: '0', idle: 0},
      pids: {limit: 0},
      blockIO: {
        weight: 10,
        weightDevice: [{major: 8, minor: 0, weight: 500}],
        throttleReadBpsDevice: [{major: 8, minor: 0, rate: 600}],
      },
      hugepageLimits: [{pageSize: '2MB', limit: 209715200}],
      network: {classID: 1048577, priorities: [{name: 'eth0', priority: 500}]},
      rdma: {mlx5_1: {hcaHandles: 3}},
      unified: {'memory.high': '1G'},
    },
    intelRdt: {closID: 'guaranteed', schemata: ['L3:0=7f0;1=1f'], memBwSchema: 'MB:0=20'},
    memoryPolicy: {mode: 'MPOL_INTERLEAVE', nodes: '2-3', flags: ['MPOL_F_STATIC_NODES']},
    sysctl: {'net.core.somaxconn': '256'},
    seccomp: {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 38,
      architectures: ['SCMP_ARCH_X86_64'],
      flags: ['SECCOMP_FILTER_FLAG_LOG'],
      listenerPath: '/run/agent.sock',
      listenerMetadata: 'x',
      syscalls: [
        {
          names: ['clone'],
          action: 'SCMP_ACT_ALLOW',
          args: [{index: 0, value: 2114060288, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ'}],
        },
      ],
    },
    rootfsPropagation: 'rslave',
    maskedPaths: ['/proc/kcore'],
    readonlyPaths: ['/proc/sys'],
    mountLabel: 'system_u:object_r:svirt_sandbox_file_t:s0:c715,c811',
    personality: {domain: 'LINUX32', flags: []},
  },
};

describe('validateSpec', () => {
  it('returns a right configuration itself, unchanged', () => {
    const before = structuredClone(full);
    expect(validateSpec(full)).toBe(full);
    expect(full).toEqual(before);
  });

  it('takes the least there can be', () => {
    const least = {ociVersion: '1.0.0', root: {path: 'rootfs'}};
    expect(validateSpec(least)).toBe(least);
  });

  it('lets unknown fields through at every level', () => {
    const value = changed('/process/user/future', {a: [null]});
    expect(validateSpec(value)).toBe(value);
    expect(() => validateSpec({...full, windows: 3, 'a\0b': '\0'})).not.toThrow();
  });

  it.each([
    [
      '/linux/namespaces/2/type',
      'pidd',
      'one of "pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"; found "pidd"',
    ],
    ['/linux/namespaces/1/type', 'pid', 'each type at most once; found "pid" again'],
    ['/linux/namespaces/0/path', 'ns/pid', 'an absolute path; found "ns/pid"'],
    ['/linux/namespaces/0', 'pid', 'an object; found "pid"'],
    ['/ociVersion', '1.2', 'a version such as "1.2.0"; found "1.2"'],
    ['/ociVersion', '2.0.0', 'a version of the line 1.x; found "2.0.0"'],
    ['/ociVersion', undefined, 'a version such as "1.2.0"; found nothing'],
    ['/root', null, 'an object; found null'],
    ['/root/path', '', 'a string that is not empty, without NUL bytes; found ""'],
    ['/root/path', 'a\0b', 'a string that is not empty, without NUL bytes; found "a\\u0000b"'],
    ['/root/readonly', 'true', 'true or false; found "true"'],
    ['/process/args', [], 'an array of at least one string; found an empty array'],
    ['/process/args', 'sh', 'an array of at least one string; found "sh"'],
    ['/process/args/0', 3, 'a string without NUL bytes; found 3'],
    ['/process/args/0', 's\0h', 'a string without NUL bytes; found "s\\u0000h"'],
    ['/process/cwd', undefined, 'an absolute path; found nothing'],
    ['/process/cwd', 'tmp', 'an absolute path; found "tmp"'],
    ['/process/env/0', 'PATH', 'NAME=value without NUL bytes; found "PATH"'],
    ['/process/env/0', '=x', 'NAME=value without NUL bytes; found "=x"'],
    ['/process/user/uid', -1, 'an integer from 0 to 4294967295; found -1'],
    ['/process/user/uid', '0', 'an integer from 0 to 4294967295; found "0"'],
    ['/process/user/gid', 4294967296, 'an integer from 0 to 4294967295; found 4294967296'],
    ['/process/user/gid', 0.5, 'an integer from 0 to 4294967295; found 0.5'],
    ['/process/user/gid', undefined, 'an integer from 0 to 4294967295; found nothing'],
    ['/process/user/umask', 512, 'an integer from 0 to 511; found 512'],
    [
      '/process/capabilities/bounding/0',
      'CHOWN',
      'a capability such as "CAP_CHOWN"; found "CHOWN"',
    ],
    ['/process/capabilities', [], 'an object; found an empty array'],
    [
      '/process/rlimits/0/type',
      'RLIMIT_NOFILES',
      'one of "RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_LOCKS", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", …; found "RLIMIT_NOFILES"',
    ],
    ['/process/rlimits/0/soft', 1e300, 'an integer from 0 to 2^64; found 1e+300'],
    ['/process/rlimits/1/type', 'RLIMIT_CORE', 'each type at most once; found "RLIMIT_CORE" again'],
    ['/process/rlimits/1/soft', 1025, 'at most the hard limit, 1024; found 1025'],
    ['/process/oomScoreAdj', 1001, 'an integer from -1000 to 1000; found 1001'],
    ['/hostname', 'x'.repeat(65), 'at most 64 bytes; found 65 bytes'],
    ['/hostname', 'ü'.repeat(33), 'at most 64 bytes; found 66 bytes'],
    ['/mounts', {}, 'an array; found an object'],
    [
      '/mounts/0/destination',
      undefined,
      'a string that is not empty, without NUL bytes; found nothing',
    ],
    ['/mounts/1/options/0', {}, 'a string without NUL bytes; found an object'],
    [
      '/mounts/2/gidMappings',
      undefined,
      'both or neither of uidMappings and gidMappings; found nothing',
    ],
    ['/hooks/prestart/0/path', 'fix', 'an absolute path; found "fix"'],
    ['/hooks/prestart/0/timeout', 0, 'an integer from 1 to 2147483647; found 0'],
    ['/annotations/a', 1, 'a string without NUL bytes; found 1'],
    ['/annotations/', 'x', 'a name that is not empty, without NUL bytes; found "x"'],
    ['/linux/uidMappings/0/size', 0, 'an integer from 1 to 4294967295; found 0'],
    [
      '/linux/uidMappings/0/size',
      1001,
      'ranges that do not overlap; found 1000 to 1000',
      '/linux/uidMappings/1/containerID',
    ],
    [
      '/linux/gidMappings/0/hostID',
      2,
      'ids below 4294967296; found 2 to 4294967296',
      '/linux/gidMappings/0/size',
    ],
    ['/linux/devices/0/major', undefined, 'a number, as the device is no pipe; found nothing'],
    ['/linux/devices/0/type', 'x', 'one of "c", "b", "u", "p"; found "x"'],
    [
      '/linux/netDevices/eth0/name',
      'a/b',
      'the name of a network interface, of 1 to 15 characters; found "a/b"',
    ],
    ['/linux/resources/devices/0/access', 'x', 'some of the letters r, w and m; found "x"'],
    ['/linux/resources/cpu/burst', 1001, 'at most the quota, 1000; found 1001'],
    ['/linux/resources/hugepageLimits/0/pageSize', '2M', 'a page size such as "2MB"; found "2M"'],
    ['/linux/resources/rdma/mlx5_1', {}, 'hcaHandles, hcaObjects or both; found neither'],
    [
      '/linux/resources/blockIO/weightDevice/0/weight',
      undefined,
      'weight, leafWeight or both; found neither',
      '/linux/resources/blockIO/weightDevice/0',
    ],
    ['/linux/seccomp/syscalls/0/names', [], 'an array of at least one name; found an empty array'],
    ['/linux/seccomp/syscalls/0/errnoRet', 1, 'nothing, as SCMP_ACT_ALLOW has no errno; found 1'],
    [
      '/linux/seccomp/listenerPath',
      undefined,
      'a path, as there is listenerMetadata; found nothing',
    ],
    ['/linux/intelRdt/schemata/0', 'a\nb', 'a string of one line; found "a\\nb"'],
    ['/linux/maskedPaths/0', 'proc/kcore', 'an absolute path; found "proc/kcore"'],
    ['/linux/sysctl', [], 'an object; found an empty array'],
    ['/linux/personality/domain', 'LINUX64', 'one of "LINUX", "LINUX32"; found "LINUX64"'],
  ])('says what is wrong when %s is %j', (place, value, expected, named = place) => {
    expect(messageOf(changed(place, value))).toBe(`config.json: ${named}: expected ${expected}`);
  });

  it('hints at what was probably meant', () => {
    const error = errorOf(changed('/linux/namespaces/2/type', 'netwrok'));
    expect(error.hint).toBe('did you mean "network"?');
    expect(errorOf(changed('/linux/namespaces/2/type', 'x')).hint).toBeUndefined();
  });

  it('names the source as it is told to', () => {
    expect(() => validateSpec([], 'bundle/config.json')).toThrow(
      'bundle/config.json: expected an object; found an empty array',
    );
  });

  it('escapes keys in the pointer', () => {
    const value = changed('/annotations', {'a/b~c\n"\u202e': 1});
    expect(messageOf(value)).toMatch(
      String.raw`config.json: /annotations/a~1b~0c\n\"\u202e: expected a string`,
    );
  });
});

/** The full configuration with one place set, or removed where the value is undefined. */
function changed(pointer: string, value: unknown): unknown {
  const copy: unknown = structuredClone(full);
  const keys = pointer.split('/').slice(1);
  const last = keys.pop() ?? '';
  let holder = copy;
  for (const key of keys) holder = Reflect.get(Object(holder), key);
  if (value === undefined) Reflect.deleteProperty(Object(holder), last);
  else Reflect.set(Object(holder), last, value);
  return copy;
}

function messageOf(value: unknown): string {
  return errorOf(value).message;
}

function errorOf(value: unknown): MinicontainerError {
  try {
    validateSpec(value);
  } catch (error) {
    if (error instanceof MinicontainerError && error.code === 'ESPEC') return error;
    throw error;
  }
  throw new Error('the value is valid');
}
