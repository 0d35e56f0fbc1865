import {it} from 'vitest';
import {describeEach, describeRoot, someone} from '../e2e/harness/people.ts';
import {expectGuarded} from './harness/attack.ts';
import {all, dropping} from './harness/plan-mutants.ts';

/** RLIMIT_NPROC of getrlimit(2). */
const processes = 6;

/** As many processes as it gets; prints when they are more than it should have. */
const bomb = (allowed: number) => `
import os, signal
count = 1
try:
    while count <= ${allowed}:
        if os.fork() == 0: signal.pause()
        count += 1
    print("more than", ${allowed})
except BlockingIOError: pass`;

// Without systemd a plain user has no cgroup to be limited in; test/vm has one that has.
describeRoot('a fork bomb', () => {
  it('stops at the limit of tasks', async () => {
    await expectGuarded(
      someone,
      () => ({
        words: ['--pids-limit', '30', '/usr/bin/python3', '-c', bomb(30)],
        gain: ({stdout}) => stdout,
      }),
      [
        {
          without: 'the limit in the cgroup',
          plan: dropping('writeCgroup', ({file}) => file === 'pids.max'),
        },
      ],
    );
  });

  it('stops at 2048 tasks, unless said', async () => {
    await expectGuarded(
      someone,
      () => ({words: ['/usr/bin/python3', '-c', bomb(2048)], gain: ({stdout}) => stdout}),
      [{without: 'a limit, by a flag', flags: ['--pids-limit', '-1']}],
    );
  });
});

// Of processes of one user, wherever they run: what is there for those who have no cgroup.
describeEach('a fork bomb without a cgroup', (person) => {
  const others = 200;

  it('stops at the limit of processes (--ulimit nproc)', async () => {
    await expectGuarded(
      person,
      () => ({
        words: [
          ...['--cgroups', 'disabled', '--ulimit', `nproc=${others}:${others}`],
          ...['/usr/bin/python3', '-c', bomb(others)],
        ],
        gain: ({stdout}) => stdout,
      }),
      [
        {
          without: 'setRlimit',
          plan: all(
            dropping('setRlimit', ({resource}) => resource === processes),
            dropping('raiseRlimit', ({resource}) => resource === processes),
          ),
        },
      ],
    );
  });
});
