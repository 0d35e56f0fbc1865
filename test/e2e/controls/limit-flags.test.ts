import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {run} from '../harness/run.ts';

describeEach('what limits a container without a cgroup', (person) => {
  const inside = (flags: readonly string[], script: string) =>
    run([...flags, '/bin/sh', '-c', script], {as: person});

  it('each process has the limits of --ulimit', async () => {
    const flags = ['--ulimit', 'nofile=100:200', '--ulimit', 'core=0'];
    const {status, stdout} = await inside(flags, 'ulimit -Sn; ulimit -Hn; ulimit -c');
    expect({status, stdout}).toEqual({status: 0, stdout: '100\n200\n0\n'});
  });

  it('/dev/shm has the size of --shm-size, and is full at its end', async () => {
    const script = 'head -c 3000000 /dev/zero > /dev/shm/a; wc -c < /dev/shm/a';
    const {stdout, stderr} = await inside(['--shm-size', '2m'], script);
    expect(stdout).toBe('2097152\n');
    expect(stderr).toMatch(/No space left on device/);
  });

  it('the kernel rather kills what has a higher --oom-score-adj', async () => {
    const {status, stdout} = await inside(
      ['--oom-score-adj', '700'],
      'cat /proc/self/oom_score_adj',
    );
    expect({status, stdout}).toEqual({status: 0, stdout: '700\n'});
  });

  it('a flag that no container can have is refused in two lines, and nothing is run', async () => {
    const {status, stdout, stderr} = await inside(['--memory', '5m'], 'echo ran');
    expect({status, stdout}).toEqual({status: 125, stdout: ''});
    expect(stderr).toMatch(
      /^minicontainer: run: --memory 5m is less than .*\nhint: give it at least 6m\n$/,
    );
  });
});
