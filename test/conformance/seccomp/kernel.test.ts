import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {release, tmpdir} from 'node:os';
import {join} from 'node:path';
import {compileSeccomp, defaultProfile, syscallNumbers} from '@minicontainer/seccomp';
import {defaultCapabilities} from '@minicontainer/spec';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {readProgram, run} from './interpreter.ts';
import {audit} from './new-calls.ts';
import {numbers, remarkable} from './probes.ts';
import {build} from './reference.ts';

interface Made {
  /** 64 bits, which x32's are too, or 32 by `int $0x80`. */
  readonly abi: 64 | 32;
  readonly number: number;
  readonly args: readonly bigint[];
}

// uretprobe and uprobe: only for the kernel's own trampolines, which no filter sees since Linux 6.14.
const notFiltered = [335, 336];
const none = [0n, 0n, 0n, 0n, 0n, 0n];
const place = mkdtempSync(join(tmpdir(), 'minicontainer-judged-'));
afterAll(() => rmSync(place, {recursive: true, force: true}));

let judged: string;
beforeAll(() => {
  judged = build('judged');
});

const filter = defaultProfile({
  capabilities: defaultCapabilities,
  kernel: release(),
  architecture: 'x86_64',
});
const {program, flags} = compileSeccomp(filter, {architecture: 'x86_64'});

test('under the default filter this kernel refuses what it should, and runs the rest', () => {
  const named = (name: string, ...args: readonly bigint[]): Made => ({
    abi: 64,
    number: syscallNumbers('SCMP_ARCH_X86_64').get(name) ?? 0,
    args: [...args, ...none.slice(args.length)],
  });
  const AF_ALG = 38n;
  const AF_VSOCK = 40n;
  const CLONE_NEWUSER = 0x1000_0000n;
  const calls: [Made, number | 'works'][] = [
    [named('getppid'), 'works'],
    [named('umask', 0n), 'works'],
    [named('keyctl', 0n, 0n), -1],
    [named('add_key'), -1],
    [named('unshare', CLONE_NEWUSER), -1],
    [named('clone', CLONE_NEWUSER | 17n), -1],
    [named('setns'), -1],
    [named('mount'), -1],
    [named('bpf'), -1],
    [named('io_uring_setup', 1n), -1],
    [named('userfaultfd'), -1],
    [named('clone3'), -38],
    [named('personality', 0xffff_ffffn), 'works'],
    [named('personality', 0x4_0000n), -1],
    [named('socket', 1n, 1n), 'works'],
    [named('socket', AF_ALG, 5n), -1],
    [named('socket', AF_ALG | (1n << 32n), 5n), -97],
    [named('socket', AF_VSOCK, 1n), -1],
    [named('socket', AF_VSOCK | (1n << 32n), 1n), -97],
    [{abi: 64, number: 600, args: none}, -38],
    [{abi: 64, number: 0x4000_0000 + 250, args: none}, -1],
    [{abi: 64, number: 0x4000_0000 + 600, args: none}, -38],
  ];
  const results = make(
    program,
    flags,
    calls.map(([call]) => call),
  );
  expect(results.map((result) => (Number(result) >= 0 ? 'works' : Number(result)))).toEqual(
    calls.map(([, expected]) => expected),
  );
});

test('a call of an architecture that the filter does not name ends its thread', () => {
  const narrow = compileSeccomp(
    {...filter, architectures: ['SCMP_ARCH_X86_64']},
    {architecture: 'x86_64'},
  );
  const x32 = {abi: 64, number: 0x4000_0000 + 39, args: none} as const;
  expect(make(narrow.program, 0, [x32])).toEqual(['signal 31']);
});

// Every answer becomes an errno of its own, so that no call is carried out, nor its caller ended.
test('this kernel judges every call as our reading of the program does', () => {
  const instructions = readProgram(program);
  const answers = [...new Set(instructions.filter(({code}) => code === 6).map(({k}) => k))];
  const errnoOf = (answer: number) => 2000 + answers.indexOf(answer);
  const harmless = program.slice();
  const view = new DataView(harmless.buffer);
  instructions.forEach(({code, k}, index) => {
    if (code === 6) view.setUint32(index * 8 + 4, 0x0005_0000 | errnoOf(k), true);
  });

  const abis = hasInt80() ? ([64, 32] as const) : ([64] as const);
  const calls = abis.flatMap((abi) => [
    ...numbers
      .filter((number) => abi === 32 || !notFiltered.includes(number))
      .map((number): Made => ({abi, number, args: none})),
    ...['socket', 'clone', 'personality'].flatMap((name) =>
      (abi === 64 ? (['SCMP_ARCH_X86_64', 'SCMP_ARCH_X32'] as const) : (['SCMP_ARCH_X86'] as const))
        .map((architecture) => syscallNumbers(architecture).get(name) ?? 0)
        .flatMap((number) =>
          remarkable.map((value): Made => ({abi, number, args: [value, ...none.slice(1)]})),
        ),
    ),
  ]);
  const results = make(harmless, 0, calls);
  const expected = calls.map(({abi, number, args}) => {
    const call =
      abi === 64
        ? {architecture: audit.x86_64, number, args}
        : {architecture: audit.x86, number, args: args.map((it) => BigInt.asUintN(32, it))};
    return String(-errnoOf(run(instructions, call)));
  });
  expect(results).toEqual(expected);
  expect(calls.length).toBeGreaterThan(3000);
});

/** Whether this kernel has i386's calls. */
function hasInt80(): boolean {
  const allow = compileSeccomp(
    {defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X86']},
    {architecture: 'x86_64'},
  );
  const getpid = {abi: 32, number: 20, args: none} as const;
  return make(allow.program, 0, [getpid]).every((result) => /^\d/.test(result));
}

function make(bytes: Uint8Array, withFlags: number, calls: readonly Made[]): string[] {
  const file = join(place, 'program');
  writeFileSync(file, bytes);
  const {status, stdout, stderr} = spawnSync(judged, [file, String(withFlags)], {
    encoding: 'utf8',
    timeout: 30_000,
    input: calls.map(({abi, number, args}) => `${abi} ${number} ${args.join(' ')}\n`).join(''),
  });
  if (status !== 0) throw new Error(`judged: ${stderr}`);
  return stdout.trim().split('\n');
}
