import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describeEach} from '../../e2e/harness/people.ts';
import {TestContainer} from './container.ts';
import {isThere, until} from './watched.ts';

describeEach('a process in a container that is there', (person) => {
  test('sees what the container sees, and ends with its exit code', () => {
    using container = new TestContainer({as: person});
    const {status, stdout, stderr} = container.exec(
      [...['sh', '-c', 'cat; ls -d /proc/1; id -u; exit 7']],
      [],
      {input: 'given\n'},
    );
    expect([status, stdout, stderr]).toEqual([7, 'given\n/proc/1\n0\n', '']);
    expect(container.exec(['sh', '-c', 'kill -9 $$']).status).toBe(137);
    const left = readdirSync(join(container.root, container.id));
    expect(left.filter((name) => name.startsWith('exec'))).toEqual([]);
  });

  test('has a terminal of the container’s', () => {
    using container = new TestContainer({as: person});
    const words = container.execWords(['sh', '-c', 'tty; ls /dev; exit 5'], ['--tty']);
    const {status, stdout} = spawnSync('script', ['-qec', quoted(words), '/dev/null'], {
      ...{encoding: 'utf8', input: '', timeout: 30_000},
      ...(person.uid === process.getuid?.() ? {} : {uid: person.uid, gid: person.gid}),
    });
    expect([status, stdout]).toEqual([5, expect.stringMatching(/\/dev\/pts\/0\r\n/)]);
    // It is the process's, not the container's.
    expect(stdout).not.toContain('console');
  });

  test('is left to the caller, who finds its pid in a file', async () => {
    using container = new TestContainer({as: person});
    const pidFile = join(container.scratch, 'pid');
    const {status} = container.exec(['sleep', '1001'], ['--detach', '--pid-file', pidFile], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(status).toBe(0);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('sleep\x001001\0');
    container.run(['kill', container.id, 'KILL']);
    await until(() => !isThere(pid));
  });

  test('keeps no descriptor of the caller’s but those that are handed on', () => {
    using container = new TestContainer({as: person});
    const list = ['sh', '-c', 'ls /proc/self/fd'];
    // ls has one more, of the directory.
    expect(container.exec(list).stdout).toBe('0\n1\n2\n3\n');
    const given = container.exec(['sh', '-c', 'echo handed on >&3'], ['--preserve-fds', '1'], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    expect(given.output[3]).toBe('handed on\n');
    expect(container.exec(['true'], ['--preserve-fds', '5'])).toMatchObject({
      status: 255,
      stderr: expect.stringContaining('descriptor 3 is to be kept, and is not open'),
    });
  });

  test('hears the signals that its caller gets, and outlives one that is killed', async () => {
    using container = new TestContainer({as: person});
    const waiting = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done';
    const told = container.start(['sh', '-c', waiting]);
    await once(told.stdout ?? told, 'data');
    told.kill('SIGTERM');
    expect(await once(told, 'exit')).toEqual([9, null]);
    const killed = container.start(['sh', '-c', 'echo $$; exec sleep 1002']);
    const [inside] = await once(killed.stdout ?? killed, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(container.exec(['kill', '-0', String(inside).trim()]).status).toBe(0);
  });

  test('ends when the container does', async () => {
    using container = new TestContainer({as: person});
    const running = container.start(['sh', '-c', 'echo ready; exec sleep 1003']);
    await once(running.stdout ?? running, 'data');
    container.run(['kill', container.id, 'KILL']);
    expect(await once(running, 'exit')).toEqual([137, null]);
    expect(container.exec(['true'])).toMatchObject({
      status: 255,
      stderr: expect.stringMatching(/container not running/),
    });
  });
});

/** For a shell. */
function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' ');
}
