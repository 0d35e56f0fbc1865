import Type from 'typebox';
import {between, uint16, uint32, uint64} from './numbers.ts';
import {execCpuAffinity, ioPriority, scheduler} from './scheduling.ts';
import {absolutePath, capabilities, text, variables} from './text.ts';

const user = Type.Object({
  uid: uint32,
  gid: uint32,
  additionalGids: Type.Optional(Type.Array(uint32)),
  umask: Type.Optional(between(0, 0o777)),
});

const capabilitySets = Type.Object({
  bounding: Type.Optional(capabilities),
  effective: Type.Optional(capabilities),
  permitted: Type.Optional(capabilities),
  inheritable: Type.Optional(capabilities),
  ambient: Type.Optional(capabilities),
});

const rlimit = Type.Object({
  type: Type.Enum([
    'RLIMIT_AS',
    'RLIMIT_CORE',
    'RLIMIT_CPU',
    'RLIMIT_DATA',
    'RLIMIT_FSIZE',
    'RLIMIT_LOCKS',
    'RLIMIT_MEMLOCK',
    'RLIMIT_MSGQUEUE',
    'RLIMIT_NICE',
    'RLIMIT_NOFILE',
    'RLIMIT_NPROC',
    'RLIMIT_RSS',
    'RLIMIT_RTPRIO',
    'RLIMIT_RTTIME',
    'RLIMIT_SIGPENDING',
    'RLIMIT_STACK',
  ]),
  soft: uint64,
  hard: uint64,
});

export const ProcessSchema = Type.Object({
  terminal: Type.Optional(Type.Boolean()),
  // What TIOCSWINSZ takes: unsigned short.
  consoleSize: Type.Optional(Type.Object({height: uint16, width: uint16})),
  user: Type.Optional(user),
  args: Type.Array(text, {minItems: 1, title: 'an array of at least one string'}),
  env: Type.Optional(variables),
  cwd: absolutePath,
  capabilities: Type.Optional(capabilitySets),
  rlimits: Type.Optional(Type.Array(rlimit)),
  noNewPrivileges: Type.Optional(Type.Boolean()),
  apparmorProfile: Type.Optional(text),
  selinuxLabel: Type.Optional(text),
  oomScoreAdj: Type.Optional(between(-1000, 1000)),
  scheduler: Type.Optional(scheduler),
  ioPriority: Type.Optional(ioPriority),
  execCPUAffinity: Type.Optional(execCpuAffinity),
});
