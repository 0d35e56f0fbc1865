import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {runSpec} from '../harness/spec.ts';

describeEach('a resource limit', (person) => {
  it.each([
    ['RLIMIT_NOFILE', 'open files', 3, '-n'],
    ['RLIMIT_FSIZE', 'size of files', 0, '-f'],
    ['RLIMIT_CORE', 'core dumps', 0, '-c'],
  ] as const)('of %s (%s) as low as %i lets the container start', async (type, _, soft, letter) => {
    const process = {rlimits: [{type, soft, hard: soft}]};
    for (const init of [false, true]) {
      expect(await runSpec(person, `ulimit ${letter}`, {process, init})).toEqual({
        status: 0,
        stdout: `${soft}\n`,
        stderr: '',
      });
    }
  });

  it('of one process is no hindrance for the command itself', async () => {
    const process = {rlimits: [{type: 'RLIMIT_NPROC', soft: 1, hard: 1}]} as const;
    const script = 'while read line; do case "$line" in *processes*) echo $line; esac; done';
    const {stdout} = await runSpec(person, `${script} < /proc/self/limits`, {process});
    expect(stdout).toBe('Max processes 1 1 processes\n');
  });

  it('higher than the caller’s own is refused in one line, or given by who may', async () => {
    const process = {
      rlimits: [{type: 'RLIMIT_NOFILE', soft: 3_000_000, hard: 3_000_000}],
    } as const;
    const {status, stdout, stderr} = await runSpec(person, 'ulimit -n', {process});
    if (status === 0) expect(stdout).toBe('3000000\n');
    else expect(stderr).toMatch(/cannot let the container have a higher limit.*EPERM/);
  });
});
