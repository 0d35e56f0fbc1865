import {describe, expect, it} from 'vitest';
import {buildSpec} from './build.ts';
import type {ContainerRequest} from './request.ts';

const good = [{containerID: 0, hostID: 1000, size: 1}];

describe('a request that no container can meet', () => {
  it.each<[Partial<ContainerRequest>, string]>([
    [{args: []}, 'there is no command to run'],
    [{args: ['a\0b']}, 'the command has a NUL byte'],
    [{rootPath: ''}, 'the root file system has no path'],
    [{rootPath: '/a\0'}, 'the root file system has a NUL byte'],
    [{env: {'': 'x'}}, 'an environment variable has no name'],
    [{env: {'A=B': 'x'}}, 'the environment variable "A=B" has a "=" in its name'],
    [{env: {A: '\0'}}, 'the environment variable "A" has a NUL byte'],
    [{cwd: 'tmp'}, 'the working directory must be an absolute path, not "tmp"'],
    [{hostname: 'h'.repeat(65)}, 'the hostname has 65 bytes, the kernel takes 64'],
    [{user: {uid: -1, gid: 0}}, '-1 is no user or group id'],
    [{user: {uid: 0, gid: 4294967296}}, '4294967296 is no user or group id'],
    [{user: {uid: Number.NaN, gid: 0}}, 'NaN is no user or group id'],
    [{user: {uid: 0, gid: 0, additionalGids: [1.5]}}, '1.5 is no user or group id'],
    [{user: {uid: 0, gid: 0, umask: 0o1000}}, '512 is no umask'],
    [{maskedPaths: ['proc']}, 'a path to mask must be an absolute path, not "proc"'],
    [{oomScoreAdj: 1001}, '1001 is no OOM score adjustment'],
    [{shmSizeBytes: 0}, '0 bytes is no size for /dev/shm'],
    [
      {rlimits: [{type: 'RLIMIT_CORE', soft: 2, hard: 1}]},
      '2:1 is no limit RLIMIT_CORE: the soft one is at most the hard one',
    ],
    [
      {
        rlimits: [
          {type: 'RLIMIT_CORE', soft: 0, hard: 0},
          {type: 'RLIMIT_CORE', soft: 1, hard: 1},
        ],
      },
      'there are two limits RLIMIT_CORE',
    ],
    [{mounts: [{destination: ''}]}, 'a mount has no destination'],
    [{mounts: [{destination: '/a', options: ['\0']}]}, 'the mount on "/a" has a NUL byte'],
    [{mounts: [{destination: '/a', uidMappings: good}]}, 'no group ids are mapped'],
    [{userNamespace: {uidMappings: [], gidMappings: good}}, 'no user ids are mapped'],
    [
      {
        userNamespace: {
          uidMappings: good,
          gidMappings: [{containerID: 0, hostID: 4294967295, size: 2}],
        },
      },
      '0:4294967295:2 is no mapping of group ids',
    ],
    [
      {
        userNamespace: {
          uidMappings: [...good, {containerID: 1, hostID: 1000, size: 1}],
          gidMappings: good,
        },
      },
      'the mappings of user ids overlap',
    ],
  ])('is refused: %j', (part, message) => {
    expect(() => buildSpec({args: ['sh'], rootPath: '/', ...part})).toThrow(
      expect.objectContaining({code: 'EREQUEST', message}),
    );
  });
});
