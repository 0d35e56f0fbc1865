import {compileSeccomp, type Machine, syscallNumbers} from '@minicontainer/seccomp';
import type {Seccomp} from '@minicontainer/spec';
import fc from 'fast-check';
import {beforeAll, describe, expect, test} from 'vitest';
import {type Call, readProgram, run} from './interpreter.ts';
import {judge} from './judge.ts';
import {audit, ENOSYS, hiddenCalls} from './new-calls.ts';
import {around} from './probes.ts';
import {anyFilter, plainFilter} from './random-filters.ts';
import {build, compileByLibseccomp} from './reference.ts';

const runs = Number(process.env.RUNS ?? 200);

let libseccomp: string;
beforeAll(() => {
  libseccomp = build('reference', '-lseccomp');
});

describe.each(['x86_64', 'aarch64'] as const)('on %s', (machine) => {
  test('any filter decides what its rules say', () => {
    fc.assert(
      fc.property(anyFilter(machine), calls(), (filter, some) => {
        const program = readProgram(compileSeccomp(filter, {architecture: machine}).program);
        const hidden = hiddenCalls(filter, machine);
        for (const call of some(filter)) {
          const expected = hidden(call) ? ENOSYS : judge(filter, machine, call);
          const result = run(program, call);
          if (result !== expected) expect({call, result}).toEqual({call, result: expected});
        }
      }),
      {numRuns: runs},
    );
  });

  test('any filter decides as libseccomp', () => {
    let threw = 0;
    let n = 0;
    let differ = 0;
    const native = machine === 'x86_64' ? 'SCMP_ARCH_X86_64' : 'SCMP_ARCH_AARCH64';
    fc.assert(
      fc.property(plainFilter(machine), calls(), (filter, some) => {
        n++;
        let theirs: ReturnType<typeof readProgram>;
        try {
          theirs = readProgram(compileByLibseccomp(libseccomp, filter, native).bytes);
        } catch (e) {
          if (threw++ < 5) console.log(String(e));
          return;
        }
        const program = readProgram(compileSeccomp(filter, {architecture: machine}).program);
        const hidden = hiddenCalls(filter, machine);
        for (const call of some(filter)) {
          const expected = hidden(call) ? ENOSYS : run(theirs, call);
          if (run(program, call) !== expected) {
            if (differ++ < 10)
              console.log(JSON.stringify(filter), call, run(program, call), expected);
            return;
          }
        }
      }),
      {numRuns: runs},
    );
    console.log({threw, n, differ});
  });
});

/** Calls that a filter names, with arguments around the values that it compares with. */
function calls(): fc.Arbitrary<(filter: Seccomp) => Call[]> {
  return fc.infiniteStream(fc.nat()).map((stream) => (filter) => {
    const pick = <T>(from: readonly T[]): T | undefined => from[(stream.next().value ?? 0) % from.length];
    const values = [
      0n,
      ...(filter.syscalls ?? []).flatMap(({args = []}) =>
        args.flatMap(({value, valueTwo = 0}) =>
          [value, valueTwo].flatMap((it) => around(BigInt(it))),
        ),
      ),
    ];
    const names = (filter.syscalls ?? []).flatMap((rule) => rule.names);
    const numbers = ['X86_64', 'X86', 'X32', 'AARCH64', 'ARM'].flatMap((it) =>
      [...names, 'socketcall', 'ipc'].map(
        (name) => syscallNumbers(`SCMP_ARCH_${it}` as 'SCMP_ARCH_X86').get(name) ?? 0xffff_ffff,
      ),
    );
    return Array.from({length: 300}, () => ({
      architecture: pick(Object.values(audit)) ?? 0,
      number: pick([...numbers, 1, 500, 0x4000_0000]) ?? 0,
      args: Array.from({length: 6}, () => pick(values) ?? 0n),
    }));
  });
}
