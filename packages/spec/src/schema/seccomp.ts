import Type from 'typebox';
import {between, uint32, uint64} from './numbers.ts';
import {absolutePath, name, text} from './text.ts';

const action = Type.Enum([
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
]);

const architecture = Type.Enum([
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_MIPS',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_MIPS64N32',
  'SCMP_ARCH_MIPSEL',
  'SCMP_ARCH_MIPSEL64',
  'SCMP_ARCH_MIPSEL64N32',
  'SCMP_ARCH_PPC',
  'SCMP_ARCH_PPC64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_S390',
  'SCMP_ARCH_S390X',
  'SCMP_ARCH_PARISC',
  'SCMP_ARCH_PARISC64',
  'SCMP_ARCH_RISCV64',
  'SCMP_ARCH_LOONGARCH64',
  'SCMP_ARCH_M68K',
  'SCMP_ARCH_SH',
  'SCMP_ARCH_SHEB',
]);

const flag = Type.Enum([
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
]);

const argument = Type.Object({
  index: between(0, 5),
  value: uint64,
  valueTwo: Type.Optional(uint64),
  op: Type.Enum([
    'SCMP_CMP_NE',
    'SCMP_CMP_LT',
    'SCMP_CMP_LE',
    'SCMP_CMP_EQ',
    'SCMP_CMP_GE',
    'SCMP_CMP_GT',
    'SCMP_CMP_MASKED_EQ',
  ]),
});

const rule = Type.Object({
  names: Type.Array(name, {minItems: 1, title: 'an array of at least one name'}),
  action,
  errnoRet: Type.Optional(uint32),
  args: Type.Optional(Type.Array(argument)),
});

export const SeccompSchema = Type.Object({
  defaultAction: action,
  defaultErrnoRet: Type.Optional(uint32),
  architectures: Type.Optional(Type.Array(architecture)),
  flags: Type.Optional(Type.Array(flag)),
  listenerPath: Type.Optional(absolutePath),
  listenerMetadata: Type.Optional(text),
  syscalls: Type.Optional(Type.Array(rule)),
});
