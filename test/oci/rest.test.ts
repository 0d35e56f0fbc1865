import {closeSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {processesOf} from './harness/left.ts';
import {runtimePath, useRoom} from './harness/room.ts';

describe('at rest', () => {
  const at = useRoom();

  async function created(words: readonly string[] = []): Promise<number> {
    const result = await at.room.oci(['create', '--bundle', at.room.bundle, ...words, at.room.id]);
    expect(result).toMatchObject({status: 0, stderr: ''});
    return (await at.room.state()).pid;
  }

  test('a container that is created, or started, is all that runs', async () => {
    at.room.write('exec sleep 100');
    const pid = await created();
    expect(pidsOf(processesOf(at.room.path))).toEqual([pid]);
    await at.room.must(['start', at.room.id]);
    expect(pidsOf(processesOf(at.room.path))).toEqual([pid]);
    await at.room.must(['delete', '--force', at.room.id]);
  });

  test('so is one that was run with --detach, and a process that was executed in it', async () => {
    at.room.write('exec sleep 100');
    const detached = ['run', '--detach', '--bundle', at.room.bundle, at.room.id];
    expect(await at.room.oci(detached)).toMatchObject({status: 0, stderr: ''});
    const {pid} = await at.room.state();
    expect(pidsOf(processesOf(at.room.path))).toEqual([pid]);
    const file = join(at.room.path, 'exec.pid');
    const words = ['--env', `ROOM=${at.room.path}`, '--pid-file', file];
    await at.room.must(['exec', '--detach', ...words, at.room.id, '/bin/sleep', '100']);
    const second = Number(readFileSync(file, 'utf8'));
    expect(pidsOf(processesOf(at.room.path))).toEqual([pid, second].sort((a, b) => a - b));
    await at.room.must(['delete', '--force', at.room.id]);
  });

  test('its parent is whoever takes in orphans of the caller', async () => {
    at.room.write('exec sleep 100');
    const script = `
import ctypes, os, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
subprocess.run(sys.argv[1:], check=True, stdin=subprocess.DEVNULL)
print(os.getpid(), flush=True)
sys.stdin.read()
`;
    const words = at.room.words(['create', '--bundle', at.room.bundle, at.room.id]);
    const caller = at.room.launch('python3', ['-c', script, ...words], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [printed] = await new Promise<Buffer[]>((resolve) =>
      caller.child.stdout?.once('data', (data) => resolve([data])),
    );
    const {pid} = await at.room.state();
    expect(parentOf(pid)).toBe(Number(printed));
    await at.room.must(['delete', '--force', at.room.id]);
    caller.child.stdin?.end();
    await caller.result;
  });

  test('the first process holds its streams and its gate, and after its start nothing more', async () => {
    at.room.write('exec sleep 100');
    const leaked = openSync('/etc', 'r');
    const pid = await created();
    const held = descriptorsOf(pid);
    expect(Object.keys(held).slice(0, 3)).toEqual(['0', '1', '2']);
    const gate = Object.values(held).slice(3);
    expect(gate.filter((target) => target.startsWith('socket:'))).toHaveLength(1);
    expect(gate.filter((target) => !target.startsWith('socket:'))).toEqual([
      join(at.room.kept(), 'gate'),
    ]);
    await at.room.must(['start', at.room.id]);
    expect(Object.keys(descriptorsOf(pid))).toEqual(['0', '1', '2']);
    closeSync(leaked);
    await at.room.must(['delete', '--force', at.room.id]);
  });

  test('who executes a process before the start finds nothing of the host in the first one', async () => {
    at.room.write('exec sleep 100');
    await created();
    const look = 'readlink /proc/1/fd/* /proc/1/exe; cat /proc/1/environ; cat /proc/1/cmdline';
    const {stdout, stderr} = await at.room.oci(['exec', at.room.id, '/bin/sh', '-c', look]);
    expect(stdout.replaceAll('\0', '')).toBe('init');
    expect(stderr).toMatch(/\/proc\/1\/environ'?: Permission denied/);
    await at.room.must(['delete', '--force', at.room.id]);
  });

  test('descriptors of the caller come in with --preserve-fds alone, at their numbers', async () => {
    at.room.write('exec sleep 100');
    const file = join(at.room.path, 'handed');
    writeFileSync(file, 'text');
    const handed = openSync(file, 'r');
    const host = openSync('/', 'r');
    for (const [count, kept] of [
      ['0', []],
      ['1', ['3']],
      ['2', ['3', '4']],
    ] as const) {
      const outputs = ['stdout', 'stderr'].map((name) => openSync(join(at.room.path, name), 'w'));
      const {result} = at.room.launch(
        runtimePath(),
        [
          ...['--root', at.room.root, 'create', '--bundle', at.room.bundle],
          ...['--preserve-fds', count, at.room.id],
        ],
        {stdio: ['pipe', ...outputs, handed, host]},
      );
      expect(await result).toMatchObject({status: 0});
      const {pid} = await at.room.state();
      await at.room.must(['start', at.room.id]);
      expect(Object.keys(descriptorsOf(pid))).toEqual(['0', '1', '2', ...kept]);
      await at.room.must(['delete', '--force', at.room.id]);
      for (const output of outputs) closeSync(output);
    }
    closeSync(handed);
    closeSync(host);
  });

  test('more descriptors than there are cannot be preserved', async () => {
    at.room.write('exec sleep 100');
    const words = ['create', '--bundle', at.room.bundle, '--preserve-fds', '1', at.room.id];
    const {status, stderr} = await at.room.oci(words);
    expect({status, stderr}).toMatchObject({status: 1, stderr: /descriptor 3 .*is not open/});
  });

  test('streams that the caller has closed are /dev/null, and nothing of ours', async () => {
    at.room.write('exec sleep 100');
    const words = at.room.words(['create', '--bundle', at.room.bundle, at.room.id]);
    const {result} = at.room.launch('sh', ['-c', 'exec "$@" <&- >&- 2>&-', 'sh', ...words]);
    expect(await result).toMatchObject({status: 0});
    const {pid} = await at.room.state();
    await at.room.must(['start', at.room.id]);
    expect(Object.values(descriptorsOf(pid))).toEqual(['/dev/null', '/dev/null', '/dev/null']);
    await at.room.must(['delete', '--force', at.room.id]);
  });
});

function pidsOf(lines: readonly string[]): number[] {
  return lines.map((line) => Number.parseInt(line, 10)).sort((a, b) => a - b);
}

function parentOf(pid: number): number {
  return Number(/PPid:\t(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function descriptorsOf(pid: number): Record<string, string> {
  const directory = `/proc/${pid}/fd`;
  return Object.fromEntries(
    readdirSync(directory).map((fd) => [fd, readlinkSync(join(directory, fd))]),
  );
}
