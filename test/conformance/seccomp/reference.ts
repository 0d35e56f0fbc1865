import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Seccomp, SeccompAction, SeccompOperator, SeccompRule} from '@minicontainer/spec';
import {afterAll} from 'vitest';

const place = mkdtempSync(join(tmpdir(), 'minicontainer-seccomp-'));
afterAll(() => rmSync(place, {recursive: true, force: true}));

/** Compiles one of the C programs here. */
export function build(name: string, ...libraries: readonly string[]): string {
  const binary = join(place, name);
  const source = join(import.meta.dirname, `${name}.c`);
  const {status, stderr} = spawnSync(
    'gcc',
    ['-Wall', '-Wextra', '-Werror', '-O1', '-o', binary, source, ...libraries],
    {encoding: 'utf8'},
  );
  if (status !== 0) throw new Error(`cannot compile ${name}.c: ${stderr}`);
  return binary;
}

/** libseccomp's word for each architecture. */
export const libseccompName: Readonly<Record<string, string>> = {
  SCMP_ARCH_X86_64: 'x86_64',
  SCMP_ARCH_X86: 'x86',
  SCMP_ARCH_X32: 'x32',
  SCMP_ARCH_AARCH64: 'aarch64',
  SCMP_ARCH_ARM: 'arm',
};

// seccomp.h: SCMP_ACT_* and enum scmp_compare.
const actions: Readonly<Record<SeccompAction, number>> = {
  SCMP_ACT_KILL: 0,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_KILL_PROCESS: 0x8000_0000,
  SCMP_ACT_TRAP: 0x0003_0000,
  SCMP_ACT_ERRNO: 0x0005_0000,
  SCMP_ACT_TRACE: 0x7ff0_0000,
  SCMP_ACT_ALLOW: 0x7fff_0000,
  SCMP_ACT_LOG: 0x7ffc_0000,
  SCMP_ACT_NOTIFY: 0x7fc0_0000,
};
const operators: readonly (SeccompOperator | '')[] = [
  '',
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
];

export interface ReferenceProgram {
  readonly bytes: Uint8Array;
  /** Names that this libseccomp does not know, and so left out. */
  readonly unknown: readonly string[];
}

/** libseccomp's program for a filter, its rules given to it as runc gives them. */
export function compileByLibseccomp(
  binary: string,
  seccomp: Seccomp,
  native: string,
): ReferenceProgram {
  const {defaultAction, defaultErrnoRet, architectures = [], syscalls = []} = seccomp;
  const otherwise = actionNumber(defaultAction, defaultErrnoRet);
  const lines = [
    `default ${otherwise}`,
    ...new Set([native, ...architectures].map((name) => `arch ${libseccompName[name]}`)),
    ...syscalls
      // runc skips a rule that does what happens anyway: libseccomp refuses it.
      .filter(({action, errnoRet}) => actionNumber(action, errnoRet) !== otherwise)
      .flatMap(ruleLines),
  ];
  const {status, stdout, stderr} = spawnSync(binary, [], {
    input: `${lines.join('\n')}\n`,
    maxBuffer: 1 << 24,
    timeout: 10_000,
  });
  if (status !== 0) throw new Error(`libseccomp: ${stderr}\n${lines.join('\n')}`);
  return {bytes: new Uint8Array(stdout), unknown: String(stderr).split('\n').filter(Boolean)};
}

/** `name` by number, of the largest table that libseccomp has. */
export function tableOfLibseccomp(binary: string, architecture: string): Map<number, string> {
  const {stdout} = spawnSync(binary, [libseccompName[architecture] ?? ''], {encoding: 'utf8'});
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([number, name = '']) => [Number(number), name]),
  );
}

function ruleLines({names, action, errnoRet, args = []}: SeccompRule): string[] {
  const number = actionNumber(action, errnoRet);
  const comparisons = args.map(
    ({index, op, value, valueTwo = 0}) => `${index} ${operators.indexOf(op)} ${value} ${valueTwo}`,
  );
  const repeated = new Set(args.map(({index}) => index)).size < args.length;
  // As runc and crun: two comparisons of one argument become two rules.
  const groups = repeated ? comparisons : [comparisons.join(' ')];
  return names.flatMap((name) => groups.map((group) => `rule ${number} ${name} ${group}`));
}

export function actionNumber(action: SeccompAction, errno = 1): number {
  const hasNumber = action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE';
  return actions[action] + (hasNumber ? errno : 0);
}
