import {compileSeccomp, type KnownArchitecture, syscallNumbers} from '@minicontainer/seccomp';
import type {Seccomp} from '@minicontainer/spec';
import fc from 'fast-check';
import {beforeAll, describe, expect, test} from 'vitest';
import {type Call, readProgram, run} from './interpreter.ts';
import {judge} from './judge.ts';
import {audit, ENOSYS, hiddenCalls} from './new-calls.ts';
import {around} from './probes.ts';
import {anyFilter, plainFilter} from './random-filters.ts';
import {build, compileByLibseccomp} from './reference.ts';

const numRuns = process.env.MINICONTAINER_TEST_LONG === '1' ? 3000 : 200;

const architectures: readonly KnownArchitecture[] = [
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_ARM',
];

let libseccomp: string;
beforeAll(() => {
  libseccomp = build('reference', '-lseccomp');
});

describe.each(['x86_64', 'aarch64'] as const)('on %s', (machine) => {
  const native = machine === 'x86_64' ? 'SCMP_ARCH_X86_64' : 'SCMP_ARCH_AARCH64';

  test('any filter decides what its rules say', () => {
    fc.assert(
      fc.property(anyFilter(machine), seeds(), (filter, seed) => {
        const {program} = compileSeccomp(filter, {architecture: machine});
        expectSame(filter, seed, program, (call) => judge(filter, machine, call));
      }),
      {numRuns},
    );
  });

  test('any filter that is plain decides as libseccomp', () => {
    fc.assert(
      fc.property(plainFilter(machine), seeds(), (filter, seed) => {
        const theirs = readProgram(compileByLibseccomp(libseccomp, filter, native).bytes);
        const {program} = compileSeccomp(filter, {architecture: machine});
        expectSame(filter, seed, program, (call) => run(theirs, call));
      }),
      {numRuns},
    );
  });

  function expectSame(
    filter: Seccomp,
    seed: readonly number[],
    bytes: Uint8Array,
    decide: (call: Call) => number,
  ): void {
    const program = readProgram(bytes);
    const hidden = hiddenCalls(filter, machine);
    for (const call of calls(filter, seed)) {
      const expected = hidden(call) ? ENOSYS : decide(call);
      const found = run(program, call);
      if (found !== expected) expect({call, result: found}).toEqual({call, result: expected});
    }
  }
});

/** Choices, eight for each call. */
function seeds(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(), {minLength: 8, maxLength: 8 * 200, size: 'max'});
}

/** Calls that a filter names, with arguments around the values that it compares with. */
function calls(filter: Seccomp, seed: readonly number[]): Call[] {
  const rules = filter.syscalls ?? [];
  const compared = rules.flatMap(({args = []}) => args);
  const values = compared
    .flatMap(({value, valueTwo = 0}) => [value, valueTwo])
    .flatMap((value) => around(BigInt(value)));
  const names = [...rules.flatMap((rule) => rule.names), 'socketcall', 'ipc'];
  const numbers = architectures.flatMap((architecture) =>
    names
      .map((name) => syscallNumbers(architecture).get(name))
      .filter((number) => number !== undefined),
  );
  return Array.from({length: Math.floor(seed.length / 8)}, (_, index) => {
    const [first = 0, second = 0, ...rest] = seed.slice(index * 8, index * 8 + 8);
    return {
      architecture: choose(Object.values(audit), first, 0),
      number: choose([...numbers, 1, 500, 0x4000_0000, 0xffff_ffff], second, 0),
      args: rest.map((choice) => choose([0n, ...values], choice, 0n)),
    };
  });
}

function choose<Item>(from: readonly Item[], choice: number, otherwise: Item): Item {
  return from[choice % from.length] ?? otherwise;
}
