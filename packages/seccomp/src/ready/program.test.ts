import type {Seccomp, SeccompRule} from '@minicontainer/spec';
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

  test.each(others(usualFilter(machine)))('it is not taken for one with $what', ({filter}) => {
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

function others(usual: Seccomp): {what: string; filter: Seccomp}[] {
  const {syscalls = []} = usual;
  const changed = (change: (rule: SeccompRule) => SeccompRule) => ({
    ...usual,
    syscalls: syscalls.map(change),
  });
  return [
    {what: 'another errno', filter: {...usual, defaultErrnoRet: 2}},
    {what: 'fewer architectures', filter: {...usual, architectures: []}},
    {what: 'a rule less', filter: {...usual, syscalls: syscalls.slice(1)}},
    {
      what: 'another name',
      filter: changed(({names, ...rule}) => ({
        ...rule,
        names: names.map((name) => (name === 'chroot' ? 'mount' : name)),
      })),
    },
    {
      what: 'other values',
      filter: changed(({args = [], ...rule}) => ({
        ...rule,
        args: args.map((argument) => ({...argument, value: argument.value + 1})),
      })),
    },
    {what: 'other actions', filter: changed((rule) => ({...rule, action: 'SCMP_ACT_LOG'}))},
  ];
}
