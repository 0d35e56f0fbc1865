import {execFileSync} from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {type HostFacts, operations} from '@minicontainer/plan';
import {Snapshots, unpackLayer} from '@minicontainer/rootfs';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {describeRoot, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {nsexecPath} from '../e2e/harness/run.ts';
import {layerArchive} from '../vm/guest/image.ts';
import {writeFiles} from '../vm/guest/small-system.ts';
import {type Call, callNames, parseCalls} from './calls.ts';
import {watchHost} from './left.ts';

type WorkName = 'writeTree' | 'mountLayers' | 'measureTree';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 0},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};

/** Work on files, in which of its runs of nsexec an operation is, and what is told when it fails. */
const works: readonly {
  readonly op: WorkName;
  readonly run: number;
  readonly work: () => Promise<unknown>;
  readonly told: RegExp;
}[] = [
  {op: 'writeTree', run: 1, work: unpack, told: /^cannot write ".*" of a layer: EIO$/},
  {op: 'mountLayers', run: 2, work: unpack, told: /EIO/},
  // The supervisor's report is written by the call that fails.
  {op: 'measureTree', run: 1, work: measure, told: /EIO|^nsexec ended with 125/},
];

afterEach(() => vi.unstubAllEnvs());

describeRoot('failures of work on the files of layers', () => {
  describe.each(works)('$op', ({op, run, work, told}) => {
    test.each(operations[op].syscalls.map((syscall) => ({syscall})))(
      'is told, and nothing is left, when $syscall fails',
      async ({syscall}) => {
        const look = watchHost(someone);
        const calls = await traced(run, [], work);
        const call = callOf(op, syscall, calls);
        const inject = `inject=${call.name}:error=EIO:when=${call.nth}`;
        const failure = await traced(run, ['-e', inject], work).catch((error) => error);
        expect(failure).toBeInstanceOf(Error);
        expect(failure.message).toMatch(told);
        expect(failure.message.split('\n')).toHaveLength(1);
        expect(await look()).toEqual([]);
        expect(readdirSync(place('work'))).toEqual([]);
      },
    );

    test('is told, and nothing is left, when whoever does it is killed', async () => {
      const look = watchHost(someone);
      const [first = ''] = operations[op].syscalls;
      const {name, nth} = callOf(op, first, await traced(run, [], work));
      const inject = `inject=${name}:signal=KILL:when=${nth}`;
      const failure = await traced(run, ['-e', inject], work).catch((error) => error);
      expect(failure).toMatchObject({
        code: 'EUNPACK',
        message: expect.stringMatching(/^nsexec ended with/),
      });
      expect(await look()).toEqual([]);
    });
  });
});

/** A file beneath a directory that is not said, on two layers, with all that a layer may say. */
async function unpack(): Promise<void> {
  const target = place('target');
  rmSync(target, {recursive: true, force: true});
  const source = place('source');
  const entries = [
    'a/b/file',
    'a/b/second',
    'a/b/other',
    'a/link',
    'a/pipe',
    'a/.wh.gone',
    'a/c/.wh..wh..opq',
  ];
  rmSync(source, {recursive: true, force: true});
  writeFiles(source, {
    'a/b/file': 'x',
    'a/b/second': 'x',
    'a/.wh.gone': '',
    'a/c/.wh..wh..opq': '',
  });
  linkSync(join(source, 'a/b/file'), join(source, 'a/b/other'));
  symlinkSync('b/file', join(source, 'a/link'));
  execFileSync('mkfifo', [join(source, 'a/pipe')]);
  const archive = layerArchive(source, entries, '5:7');
  const lowers = ['lower', 'lowest'].map((name) => {
    writeFiles(place(name), {'a/below': 'x'});
    return place(name);
  });
  mkdirSync(target);
  await unpackLayer({
    source: piecesOf(archive),
    target,
    workDirectory: place('work'),
    owner: {host},
    lowers: async () => lowers,
  });
}

async function measure(): Promise<void> {
  const tree = place('tree');
  writeFiles(tree, {'a/file': 'x'});
  const root = place('store');
  mkdirSync(root, {recursive: true});
  expect(await new Snapshots(root, {host}).measure([tree])).toEqual([expect.any(Number)]);
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function place(name: string): string {
  const path = join(roomOf(someone).work, 'trees', name);
  if (name === 'work') mkdirSync(path, {recursive: true});
  return path;
}

/** With strace on one of the runs of nsexec; what it saw. */
async function traced(
  run: number,
  words: readonly string[],
  work: () => Promise<unknown>,
): Promise<Call[]> {
  const {work: room} = roomOf(someone);
  const [program, count, log] = ['traced-nsexec', 'count', 'log'].map((name) => join(room, name));
  const strace = `strace -f -qq -o '${log}' ${words.join(' ')} '${nsexecPath()}' "$@"`;
  const script = [
    '#!/bin/sh',
    `echo >>'${count}'`,
    `[ "$(wc -l <'${count}')" != ${run} ] || exec ${strace}`,
    `exec '${nsexecPath()}' "$@"`,
  ];
  rmSync(count as string, {force: true});
  writeFileSync(program as string, `${script.join('\n')}\n`, {mode: 0o755});
  vi.stubEnv('MINICONTAINER_NSEXEC', program);
  await work();
  return parseCalls(readFileSync(log as string, 'utf8'));
}

/** One of the keeper's, in what is the operation's own, and the only one of its number. */
function callOf(op: WorkName, syscall: string, calls: readonly Call[]): Call {
  const names = callNames([syscall]);
  const own = calls.filter(({process}) => process === 'keeper');
  const from = own.findIndex(({name, text}) =>
    op === 'mountLayers' ? name === 'symlink' || name === 'symlinkat' : text.includes('/trees/t'),
  );
  // Before it opens the directory it reads the stream; and it goes to where it links.
  const at = from - {writeTree: 2, mountLayers: 1, measureTree: 0}[op];
  const found = own
    .slice(at)
    .find((call) => names.includes(call.name) && !calls.some((other) => isOther(call, other)));
  expect.assert(at >= 0 && found, `${op} makes no ${syscall}`);
  return found;
}

function isOther(call: Call, other: Call): boolean {
  return other.pid !== call.pid && other.name === call.name && other.nth === call.nth;
}
