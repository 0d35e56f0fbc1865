import {describe, expect, test} from 'vitest';
import {assembleFilter} from '../compile/assemble.ts';
import {compileSeccomp} from '../compile/compile.ts';
import {defaultProfile} from '../profile/default.ts';
import {readyProgram} from './program.ts';
import {usualFilter} from './usual.ts';

describe.each(['x86_64', 'aarch64'] as const)('on %s', (machine) => {
  test('the program that is ready is the one that compiling gives (else: pnpm run generate)', () => {
    const filter = usualFilter(machine);
    expect(readyProgram(filter, machine)).toEqual(assembleFilter(filter, machine));
  });

  test('it is taken for the same filter read from a file', () => {
    const filter = JSON.parse(JSON.stringify(usualFilter(machine)));
    expect(readyProgram(filter, machine)).toBeDefined();
  });

  test.each([
    {defaultErrnoRet: 2},
    {architectures: []},
    {syscalls: usualFilter(machine).syscalls?.slice(1) ?? []},
    {
      syscalls: usualFilter(machine).syscalls?.map((rule) => ({
        ...rule,
        args: rule.args?.map((argument) => ({...argument, value: argument.value + 1})) ?? [],
      })),
    },
    {
      syscalls: usualFilter(machine).syscalls?.map((rule) => ({
        ...rule,
        names: rule.names.map((name) => (name === 'chroot' ? 'mount' : name)),
      })),
    },
  ])('it is not taken for another filter: %j', (change) => {
    const filter = {...usualFilter(machine), ...change};
    expect(readyProgram(filter, machine)).toBeUndefined();
    expect(compileSeccomp(filter, {architecture: machine}).program).toEqual(
      assembleFilter(filter, machine),
    );
  });

  test('it is taken with the capabilities that containers have', () => {
    const capabilities = ['CAP_CHOWN', 'CAP_KILL', 'CAP_SYS_CHROOT', 'CAP_NET_RAW', 'CAP_MKNOD'];
    const filter = defaultProfile({capabilities, kernel: '6.1.0-9-amd64', architecture: machine});
    expect(readyProgram(filter, machine)).toBeDefined();
  });
});
