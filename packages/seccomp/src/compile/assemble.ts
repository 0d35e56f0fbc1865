import {MinicontainerError} from '@minicontainer/errors';
import {architecturesOf, type KnownArchitecture, type Machine} from '../architectures.ts';
import {hidesNewCalls, killThread, returnValue} from './action.ts';
import {Assembler, type Target} from './assembler.ts';
import {type Decisions, decide} from './decisions.ts';
import type {Filter} from './filter.ts';
import {type Background, type Interval, intervals, x86Intervals} from './intervals.ts';
import {type ReadRule, readRule} from './rules.ts';
import {searchTree} from './tree.ts';

const offsetOfArchitecture = 4;
// linux/filter.h, BPF_MAXINSNS.
const largestProgram = 4096;

// linux/audit.h. x32's is x86_64's.
const auditArchitecture = {
  SCMP_ARCH_X86_64: 0xc000_003e,
  SCMP_ARCH_X86: 0x4000_0003,
  SCMP_ARCH_AARCH64: 0xc000_00b7,
  SCMP_ARCH_ARM: 0x4000_0028,
} satisfies Record<Exclude<KnownArchitecture, 'SCMP_ARCH_X32'>, number>;

/** @throws {MinicontainerError} `ESECCOMP`, with the place in the filter as a JSON pointer */
export function assembleFilter(filter: Filter, machine: Machine): Uint8Array {
  const {defaultAction, defaultErrnoRet, syscalls = []} = filter;
  if (defaultAction === 'SCMP_ACT_NOTIFY') {
    throw new MinicontainerError(
      'ESECCOMP',
      'seccomp: /defaultAction: SCMP_ACT_NOTIFY cannot be the default',
    );
  }
  const otherwise = returnValue(defaultAction, defaultErrnoRet, '/defaultAction');
  const background = {otherwise, hideNewCalls: hidesNewCalls(defaultAction)};
  return assemble(syscalls.map(readRule), judgedArchitectures(filter, machine), background);
}

function judgedArchitectures({architectures = []}: Filter, machine: Machine): KnownArchitecture[] {
  const {native, compatible} = architecturesOf(machine);
  return [native, ...compatible.filter((one) => architectures.includes(one))];
}

function assemble(
  rules: readonly ReadRule[],
  judged: readonly KnownArchitecture[],
  background: Background,
): Uint8Array {
  const assembler = new Assembler();
  const decided = new Map(
    judged.map((architecture): [KnownArchitecture, Decisions] => [
      architecture,
      decide(rules, architecture, background.otherwise),
    ]),
  );
  let next: Target = {kind: 'return', value: killThread};
  // From the end: the machine's own architecture comes first in the program.
  for (const [architecture, decisions] of [...decided].reverse()) {
    if (architecture === 'SCMP_ARCH_X32') continue;
    const numbers: Interval[] =
      architecture === 'SCMP_ARCH_X86_64'
        ? x86Intervals(decisions, decided.get('SCMP_ARCH_X32'), background)
        : intervals(decisions, background);
    const section = searchTree(assembler, numbers);
    next = assembler.jump('equal', auditArchitecture[architecture], section, next);
  }
  assembler.load(offsetOfArchitecture);
  if (assembler.length > largestProgram) {
    throw new MinicontainerError(
      'ESECCOMP',
      `seccomp: the filter is ${assembler.length} instructions long; the kernel takes ${largestProgram}`,
      {hint: 'use fewer rules that compare arguments'},
    );
  }
  return assembler.bytes();
}
