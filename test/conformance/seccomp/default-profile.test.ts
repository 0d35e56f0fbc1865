import {
  compileSeccomp,
  defaultProfile,
  type KnownArchitecture,
  type Machine,
  syscallNumbers,
} from '@minicontainer/seccomp';
import {capabilityNames, defaultCapabilities, type Seccomp} from '@minicontainer/spec';
import {beforeAll, describe, expect, test} from 'vitest';
import {type Call, type Program, readProgram, run} from './interpreter.ts';
import {judge} from './judge.ts';
import {audit, ENOSYS, hiddenCalls} from './new-calls.ts';
import {architectures, callsWith, numbers, remarkable} from './probes.ts';
import {build, compileByLibseccomp, tableOfLibseccomp} from './reference.ts';

const docker = [...defaultCapabilities, 'CAP_MKNOD', 'CAP_NET_RAW', 'CAP_AUDIT_WRITE'];
const capabilitySets: readonly (readonly string[])[] = [
  [],
  defaultCapabilities,
  docker,
  capabilityNames,
  ...capabilityNames.map((name) => [name]),
];
const families: Readonly<Record<Machine, readonly KnownArchitecture[]>> = {
  x86_64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  aarch64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
};
/** One of each kind: with libseccomp all are compared. */
const sparse = remarkable.filter((_, index) => index % 7 === 0);
const EAFNOSUPPORT = 0x0005_0000 | 97;

let libseccomp: string;
beforeAll(() => {
  libseccomp = build('reference', '-lseccomp');
});

describe.each(['x86_64', 'aarch64'] as const)('on %s', (machine) => {
  const filters = new Map(
    [
      ...capabilitySets.map((capabilities) => ({capabilities, kernel: '6.1.0-9-amd64'})),
      {capabilities: [], kernel: '4.7'},
    ].map((target): [string, Seccomp] => {
      const filter = defaultProfile({...target, architecture: machine});
      return [JSON.stringify(filter), filter];
    }),
  );

  test('one capability or another makes 16 different filters of it, and an old kernel one', () => {
    expect(filters.size).toBe(16 + 1);
  });

  test.each([...filters.values()].map((filter, index) => ({filter, number: index + 1})))(
    'the default filter, number $number of them, decides as libseccomp',
    ({filter}) => {
      const compared = compare(filter, machine);
      expect(compared.differences).toEqual([]);
      expect(compared.judged).toBeGreaterThan(15_000);
    },
  );

  test('each of them decides every number of every architecture as its rules read', () => {
    for (const filter of filters.values()) {
      const ours = readProgram(compileSeccomp(filter, {architecture: machine}).program);
      const hidden = hiddenCalls(filter, machine);
      for (const call of everyCall(machine)) {
        const expected = hidden(call) ? ENOSYS : judge(filter, machine, call);
        const found = run(ours, call);
        if (found !== expected) expect.fail(describeDifference(call, expected, found));
      }
    }
  });

  test('calls that this libseccomp is too old to know are decided by name all the same', () => {
    const filter = defaultProfile({capabilities: [], kernel: '6.1', architecture: machine});
    const {unknown} = compileByLibseccomp(libseccomp, filter, families[machine][0] ?? '');
    const program = readProgram(compileSeccomp(filter, {architecture: machine}).program);
    for (const name of unknown.filter((it) => it !== 'clone3')) {
      for (const call of callsOf(name, machine)) {
        expect({name, result: run(program, call)}).toEqual({name, result: 0x7fff_0000});
      }
    }
  });
});

/** Both programs over all numbers and, where arguments decide, all that is remarkable in them. */
function compare(filter: Seccomp, machine: Machine) {
  const [native = ''] = families[machine];
  // The one place where ours is stricter: its rule is not for libseccomp, see `expectedOf`.
  const common = (filter.syscalls ?? []).filter(({errnoRet}) => errnoRet !== 97);
  const reference = compileByLibseccomp(libseccomp, {...filter, syscalls: common}, native);
  // What this libseccomp is too old to know stays out of ours too, so that the rest can be compared.
  const known: Seccomp = {
    ...filter,
    syscalls: (filter.syscalls ?? [])
      .map((rule) => ({...rule, names: rule.names.filter((it) => !reference.unknown.includes(it))}))
      .filter(({names}) => names.length > 0),
  };
  const ours = readProgram(compileSeccomp(known, {architecture: machine}).program);
  const expected = expectedOf(known, machine, readProgram(reference.bytes));
  const differences: string[] = [];
  let judged = 0;
  for (const call of calls(machine)) {
    judged += 1;
    const found = run(ours, call);
    if (found !== expected(call)) differences.push(describeDifference(call, expected(call), found));
  }
  return {judged, differences: differences.slice(0, 20)};
}

function expectedOf(
  filter: Seccomp,
  machine: Machine,
  theirs: Program,
): (call: Call) => number | undefined {
  const hidden = hiddenCalls(filter, machine);
  const sockets = callsOf('socket', machine).filter(
    ({architecture, number}) => architecture >= 0xc000_0000 && number < 0x4000_0000,
  );
  return (call) => {
    const isSocket = sockets.some(
      ({architecture, number}) => architecture === call.architecture && number === call.number,
    );
    if (isSocket && (call.args[0] ?? 0n) >> 32n !== 0n) return EAFNOSUPPORT;
    return hidden(call) ? ENOSYS : run(theirs, call);
  };
}

function* calls(machine: Machine): Generator<Call> {
  const byArguments = ['socket', 'socketcall', 'personality', 'clone'].flatMap((name) =>
    callsOf(name, machine),
  );
  for (const {architecture, number} of byArguments) {
    yield* callsWith(architecture, number, remarkable);
  }
  const known = knownToLibseccomp(machine);
  for (const architecture of architectures) {
    for (const number of numbers) {
      if (!known(architecture, number)) continue;
      yield* callsWith(architecture, number, [0n, 0xffff_ffff_ffff_ffffn]);
    }
  }
}

/** Also what libseccomp does not know; with arguments where they decide. */
function* everyCall(machine: Machine): Generator<Call> {
  for (const name of ['socket', 'socketcall', 'personality', 'clone', 'clone3']) {
    for (const call of callsOf(name, machine)) {
      for (const value of sparse) yield {...call, args: [value, 0n, 0n, 0n, 0n, 0n]};
    }
  }
  for (const architecture of architectures) {
    for (const number of numbers) yield {architecture, number, args: [0n, 0n, 0n, 0n, 0n, 0n]};
  }
}

/** Not the numbers whose names it knows, but not of this architecture: 2.5.4 has few of x32's newest. */
function knownToLibseccomp(machine: Machine): (architecture: number, number: number) => boolean {
  const missing = families[machine].flatMap((family) => {
    const table = tableOfLibseccomp(libseccomp, family);
    return [...syscallNumbers(family)]
      .filter(([, number]) => !table.has(number))
      .map(([, number]) => `${auditOf(family)} ${number}`);
  });
  const unknown = new Set(missing);
  return (architecture, number) => !unknown.has(`${architecture} ${number}`);
}

function callsOf(name: string, machine: Machine): Call[] {
  return families[machine].flatMap((family) => {
    const number = syscallNumbers(family).get(name);
    if (number === undefined) return [];
    return [{architecture: auditOf(family), number, args: [0n, 0n, 0n, 0n, 0n, 0n]}];
  });
}

function auditOf(family: KnownArchitecture): number {
  return {
    SCMP_ARCH_X86_64: audit.x86_64,
    SCMP_ARCH_X32: audit.x86_64,
    SCMP_ARCH_X86: audit.x86,
    SCMP_ARCH_AARCH64: audit.aarch64,
    SCMP_ARCH_ARM: audit.arm,
  }[family];
}

function describeDifference(call: Call, expected: number | undefined, found: number): string {
  const [architecture, number, theirs, ours] = [
    call.architecture,
    call.number,
    expected ?? 0,
    found,
  ].map((it) => it.toString(16));
  const args = call.args.map((it) => it.toString(16));
  return `${architecture}: call ${number}(${args.join(', ')}): ${theirs}, ours ${ours}`;
}
