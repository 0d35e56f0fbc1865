import {expect, it} from 'vitest';
import {describeRoot} from '../harness/people.ts';
import {run} from '../harness/run.ts';
import {bash} from '../harness/words.ts';
import {isUnified, ownFile} from './hierarchy.ts';

const hog = "/usr/bin/python3 -c 'bytearray(200 << 20)'";

describeRoot('limits under load', () => {
  it('a memory hog is killed alone, and its end is explained', async () => {
    const {status, stdout, stderr} = await run(['-m', '32m', ...bash(`${hog}; echo $?; true`)]);
    expect(stdout).toBe('137\n');
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^minicontainer: memory ran out, with a limit of 32 MiB: the kernel killed 1 of .*\nhint: .*--memory/m,
    );
  });

  it('a container that is a memory hog exits with 137', async () => {
    const {status, stderr} = await run([
      '-m',
      '32m',
      '/usr/bin/python3',
      '-c',
      'bytearray(1 << 28)',
    ]);
    expect(status).toBe(137);
    expect(stderr).toContain('memory ran out, with a limit of 32 MiB');
  });

  it('without a limit the same hog lives', async () => {
    expect(await run(bash(`${hog}; echo $?`))).toEqual({status: 0, stdout: '0\n', stderr: ''});
  });

  it('a fork bomb stops at the limit of tasks', async () => {
    const bomb = `
import os, signal
children = []
try:
    while True:
        child = os.fork()
        if child == 0: signal.pause()
        children.append(child)
except BlockingIOError:
    print(len(children))
`;
    expect(await run(['--pids-limit', '20', '/usr/bin/python3', '-c', bomb])).toEqual({
      status: 0,
      stdout: '19\n',
      stderr: '',
    });
  });

  it('of tasks there are 2048 unless said', async () => {
    const {stdout} = await run(['/bin/cat', ownFile('pids.max', 'pids', 'pids.max')]);
    expect(stdout).toBe('2048\n');
  });

  it('a spinning process gets its quota of the processor, within 10 %', async () => {
    const usage = isUnified
      ? "awk '/usage_usec/ {print $2 * 1000}' /sys/fs/cgroup/cpu.stat"
      : 'cat /sys/fs/cgroup/cpuacct/cpuacct.usage';
    const spin = `
      used=$(${usage}); began=$(date +%s%N)
      while (( $(date +%s%N) - began < 4000000000 )); do for ((i = 0; i < 20000; i++)); do :; done; done
      echo $(( ($(${usage}) - used) * 1000 / ($(date +%s%N) - began) ))`;
    const {stdout} = await run(['--cpus', '0.2', ...bash(spin)]);
    expect(Number(stdout)).toBeGreaterThanOrEqual(180);
    expect(Number(stdout)).toBeLessThanOrEqual(220);
  });
});
