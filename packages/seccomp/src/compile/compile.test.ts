import {describe, expect, test} from 'vitest';
import {compileSeccomp} from './compile.ts';
import type {Filter, FilterRule} from './filter.ts';

const kill: Filter = {defaultAction: 'SCMP_ACT_KILL'};
const x86_64 = {architecture: 'x86_64'} as const;

/** As `code true false k`, a line an instruction. */
function listing(filter: Filter): string[] {
  const {program} = compileSeccomp(filter, x86_64);
  const view = new DataView(program.buffer);
  return Array.from({length: program.length / 8}, (_, index) =>
    [
      view.getUint16(index * 8, true).toString(16),
      view.getUint8(index * 8 + 2),
      view.getUint8(index * 8 + 3),
      view.getUint32(index * 8 + 4, true).toString(16),
    ].join(' '),
  );
}

test('the architecture is judged first, then the number, then the arguments', () => {
  const rule: FilterRule = {
    names: ['getpid'],
    action: 'SCMP_ACT_ALLOW',
    args: [{index: 1, value: 0x1_0000_0002n, op: 'SCMP_CMP_EQ'}],
  };
  expect(listing({...kill, syscalls: [rule]})).toEqual([
    '20 0 0 4', // load the architecture
    '15 0 12 c000003e', // x86_64, or killed
    '20 0 0 0', // load the number
    '35 7 0 40000000',
    '35 0 9 27', // below getpid: killed
    '35 7 0 28', // above getpid, newer than what is named: ENOSYS
    '20 0 0 1c',
    '15 0 6 1',
    '20 0 0 18',
    '15 0 4 2',
    '6 0 0 7fff0000',
    '35 0 2 80000000', // x32: killed
    '35 1 0 c0000000',
    '6 0 0 50026',
    '6 0 0 0',
  ]);
});

test('jumps reach across a program of thousands of instructions', () => {
  const args = (value: number) => [{index: 0, value, op: 'SCMP_CMP_EQ' as const}];
  const rules = Array.from(
    {length: 900},
    (_, value): FilterRule => ({
      names: ['ioctl'],
      action: 'SCMP_ACT_ALLOW',
      args: args(value),
    }),
  );
  const {program} = compileSeccomp({...kill, syscalls: rules}, x86_64);
  expect(program.length / 8).toBeGreaterThan(3600);
  expect(program.length / 8).toBeLessThanOrEqual(4096);
  expect(() => compileSeccomp({...kill, syscalls: [...rules, ...rules]}, x86_64)).toThrow(
    /^seccomp: the filter is \d{4} instructions long; the kernel takes 4096$/,
  );
});

describe('flags', () => {
  const notify: FilterRule = {names: ['mount'], action: 'SCMP_ACT_NOTIFY'};

  test('are those of seccomp(2); one thread has none to synchronize', () => {
    const {flags, listener} = compileSeccomp(
      {
        ...kill,
        flags: [
          'SECCOMP_FILTER_FLAG_TSYNC',
          'SECCOMP_FILTER_FLAG_LOG',
          'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
          'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
        ],
      },
      x86_64,
    );
    expect({flags, listener}).toEqual({flags: 0b110, listener: false});
  });

  test('ask for a listener where a rule notifies one', () => {
    const {flags, listener} = compileSeccomp(
      {...kill, flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'], syscalls: [notify]},
      x86_64,
    );
    expect({flags, listener}).toEqual({flags: 0b10_1000, listener: true});
  });
});

const refused: [Partial<Filter>, string][] = [
  [{defaultAction: 'SCMP_ACT_NOTIFY'}, '/defaultAction: SCMP_ACT_NOTIFY cannot be the default'],
  [{defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 4096}, '/defaultAction: expected a number'],
  [withRule({names: []}), '/syscalls/0/names: expected at least one name'],
  [
    withRule({action: 'SCMP_ACT_ERRNO', errnoRet: 5000}),
    '/syscalls/0: expected a number from 0 to',
  ],
  [withValue(2 ** 53), '/syscalls/0/args/0/value: expected an integer up to 2^53 - 1'],
  [withValue(1n << 64n), '/syscalls/0/args/0/value: expected an integer of 64 bits'],
  [withValue(-1), '/syscalls/0/args/0/value: expected an integer of 64 bits, found -1'],
];
test.each(refused.map(([change, message]) => ({change, message})))(
  'what cannot be is refused: $message',
  ({change, message}) => {
    expect(() => compileSeccomp({...kill, ...change}, x86_64)).toThrow(message);
  },
);

function withRule(rule: Partial<FilterRule>): Partial<Filter> {
  return {syscalls: [{names: ['read'], action: 'SCMP_ACT_ALLOW', ...rule}]};
}

function withValue(value: number | bigint): Partial<Filter> {
  return withRule({args: [{index: 0, value, op: 'SCMP_CMP_EQ'}]});
}
