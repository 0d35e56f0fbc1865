import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, mkdtempSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {constants, tmpdir} from 'node:os';
import {join} from 'node:path';
import {buildSync} from 'esbuild';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {flock} from './descriptors.ts';
import {SyscallError} from './error.ts';
import {execve, pidfdOpen, pidfdSendSignal} from './process.ts';

// execve replaces its process and a lock needs two: both happen in children, which run this
// package as one file because Node 20 reads no TypeScript.
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'syscalls-'));
  buildSync({
    entryPoints: [join(import.meta.dirname, 'index.ts')],
    outfile: join(folder, 'syscalls.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['development'],
    define: {'import.meta.filename': JSON.stringify(join(import.meta.dirname, 'koffi.ts'))},
  });
});
afterAll(() => rmSync(folder, {recursive: true}));

function program(source: string): string {
  const file = join(folder, 'program.mjs');
  writeFileSync(
    file,
    `import {closeSync, openSync, writeSync} from 'node:fs';
     import * as syscalls from './syscalls.mjs';
     ${source}`,
  );
  return file;
}

function execute(source: string) {
  return spawnSync(process.execPath, [program(source)], {encoding: 'utf8', timeout: 10_000});
}

describe('execve', () => {
  it('replaces Node: same pid, the arguments, only the environment given', () => {
    const child = execute(`
      writeSync(1, process.pid + '\\n');
      syscalls.execve('/bin/sh', ['sh', '-c', 'echo $$ $1; env', 'sh', 'two words'], {A: 'b=c', B: undefined});
    `);
    const [pid, line, ...env] = child.stdout.trimEnd().split('\n');
    expect(line).toBe(`${pid} two words`);
    expect(env).toContain('A=b=c');
    expect(env.some((variable) => /^(PATH|HOME|B)=/.test(variable))).toBe(false);
    expect(child.status).toBe(0);
  });

  it('a failure comes back as an error, and the process goes on', () => {
    const child = execute(`
      try {
        syscalls.execve('/does/not/exist', ['x'], {});
      } catch (error) {
        console.log(error.syscall, error.target, error.errnoName, error.errno, error.message);
      }
      console.log('still here');
    `);
    expect(child.stdout).toBe(
      'execve /does/not/exist ENOENT 2 execve /does/not/exist: No such file or directory (ENOENT)\nstill here\n',
    );
  });

  it('hands over a descriptor that Node opened only when close-on-exec is cleared', () => {
    const child = execute(`
      const kept = openSync('/etc/passwd');
      const lost = openSync('/etc/passwd');
      syscalls.clearCloseOnExec(kept);
      syscalls.execve('/bin/sh', ['sh', '-c',
        'for fd in ' + kept + ' ' + lost + '; do [ -e /proc/self/fd/$fd ] && echo open || echo closed; done'], {});
    `);
    expect(child.stdout).toBe('open\nclosed\n');
  });

  it('an argument with a NUL is refused, not cut', () => {
    expect(() => execve('/bin/true', ['a\0b'], {})).toThrow(
      new SyscallError('execve', 22, '/bin/true'),
    );
  });
});

describe('flock', () => {
  async function started(child: ChildProcess): Promise<void> {
    if (child.stdout === null) throw new Error('the child has no stdout');
    await once(child.stdout, 'data');
  }

  it('one process keeps another out, and lets it in when it ends', async () => {
    const file = join(folder, 'lock');
    const fd = openSync(file, 'w');
    const holder = spawn(
      process.execPath,
      [
        program(`
          const fd = openSync(${JSON.stringify(file)}, 'w');
          console.log(syscalls.flock(fd, 'exclusive'));
          process.stdin.resume();
        `),
      ],
      {stdio: ['pipe', 'pipe', 'inherit']},
    );
    try {
      await started(holder);
      expect(flock(fd, 'exclusive')).toBe(false);
      expect(flock(fd, 'shared')).toBe(false);
      holder.stdin?.end();
      await once(holder, 'exit');
      expect(flock(fd, 'exclusive')).toBe(true);
      expect(flock(fd, 'unlock')).toBe(true);
    } finally {
      holder.kill('SIGKILL');
      closeSync(fd);
    }
  });

  it('on a descriptor that is not open is an error, not a lock that is taken', () => {
    expect(() => flock(999_999, 'shared')).toThrow(
      new SyscallError('flock', 9, 'descriptor 999999'),
    );
  });
});

describe('pidfd', () => {
  it('signals the process it was opened for', async () => {
    const child = spawn('/bin/sleep', ['60'], {stdio: 'ignore'});
    const exited = once(child, 'exit');
    if (child.pid === undefined) throw new Error('sleep did not start');
    const pidfd = pidfdOpen(child.pid);
    try {
      pidfdSendSignal(pidfd, 0);
      pidfdSendSignal(pidfd, constants.signals.SIGTERM);
      expect(await exited).toEqual([null, 'SIGTERM']);
      expect(() => pidfdSendSignal(pidfd, 0)).toThrow(
        new SyscallError('pidfd_send_signal', 3, `descriptor ${pidfd}`),
      );
    } finally {
      closeSync(pidfd);
    }
  });

  it('a pid that nobody has is ESRCH', () => {
    expect(() => pidfdOpen(2 ** 22 + 1)).toThrow(
      new SyscallError('pidfd_open', 3, String(2 ** 22 + 1)),
    );
  });
});
