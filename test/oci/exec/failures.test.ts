import {spawnSync} from 'node:child_process';
import {closeSync, openSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {compileExec, encodePlan} from '@minicontainer/plan';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {nsexecPath} from '../../e2e/harness/run.ts';
import {TestContainer} from './container.ts';

/** Field 22 of proc_pid_stat(5); the second one may hold anything. */
function startTimeOf(pid: number): bigint {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return BigInt(text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '');
}

// Only root can put strace on an exec without changing what it may do.
describeRoot('an exec that fails', () => {
  let container: TestContainer;
  beforeAll(() => {
    container = new TestContainer({
      change: (spec) => ({
        ...spec,
        process: {
          ...{args: [], cwd: '/', ...spec.process},
          execCPUAffinity: {initial: '0', final: '0'},
        },
      }),
    });
  });
  afterAll(() => container[Symbol.dispose]());

  test.each([
    [
      'setns',
      'EPERM',
      'the namespaces of the container cannot be entered: operation not permitted',
    ],
    ['setns', 'ESRCH', 'container not running: its first process has ended'],
    ['setns', 'ENOMEM', 'cannot enter namespaces of a process: ENOMEM'],
    ['sched_setaffinity', 'EINVAL', 'cannot say which processors it may run on: EINVAL'],
    ['capset', 'EPERM', 'EPERM'],
  ])('because of %s, with %s, says so and leaves nothing', (call, errno, message) => {
    // Nobody else there makes these calls: not Node, nor the shell that starts it.
    const injection = `inject=${call}:error=${errno}`;
    const log = join(container.scratch, 'strace');
    const words = ['-f', '-qq', '-o', log, '-e', injection, ...container.execWords(['true'])];
    const {status, stderr} = spawnSync('strace', words, {
      ...{encoding: 'utf8', input: '', timeout: 30_000},
    });
    expect([status, stderr]).toEqual([255, expect.stringContaining(message)]);
    expect(container.exec(['sh', '-c', 'ls /proc | grep -c "^[0-9]"']).stdout).toBe('4\n');
    const files = readdirSync(join(container.root, container.id));
    expect(files.filter((name) => name.startsWith('exec'))).toEqual([]);
  });

  test.each([0n, 1n])('is that of another process, which has its pid by now: %i later', (later) => {
    const {pid} = container;
    const plan = compileExec(
      {
        ...{
          id: 'box',
          bundle: '/',
          spec: {ociVersion: '1.2.0', root: {path: '/'}},
          namespaces: ['mount'],
        },
        init: {pid, startTime: startTimeOf(pid) + later},
        cgroup: {members: []},
      },
      {args: ['echo', 'inside'], cwd: '/', env: ['PATH=/bin']},
      {
        ...{uid: 0, gid: 0, capabilities: 0n, cgroup: {version: 0}, sources: {}, mappers: {}},
        openFiles: {soft: 1024, hard: 1024},
      },
      {detach: false, preservedFds: 0},
    );
    const path = join(container.scratch, 'plan');
    writeFileSync(path, encodePlan(plan));
    const fd = openSync(path, 'r');
    const {stdout, output} = spawnSync(nsexecPath(), ['--report', '4', '3'], {
      ...{encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit', fd, 'pipe']},
    });
    closeSync(fd);
    // The first operation, and ESRCH.
    expect([stdout, output[4]?.split(' ').slice(0, 2).join(' ')]).toEqual(
      later === 0n ? ['inside\n', ''] : ['', '0 3'],
    );
  });
});
