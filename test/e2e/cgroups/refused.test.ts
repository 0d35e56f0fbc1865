import {expect, it} from 'vitest';
import {describeEach, describeRoot} from '../harness/people.ts';
import {type Result, run} from '../harness/run.ts';
import {isUnified} from './hierarchy.ts';

/** One line for what failed, one for what to do, and nothing was run. */
function expectRefusal({status, stdout, stderr}: Result, what: RegExp): void {
  expect(stderr).toMatch(what);
  expect(stderr).toMatch(/^minicontainer: .*\nhint: .*\n$/);
  expect({status, stdout}).toEqual({status: 125, stdout: ''});
}

describeRoot('limits that cannot be', () => {
  it.each<[string[], RegExp]>([
    [['--cpuset-cpus', '999'], /999.*cpuset\.cpus|cpuset.*999/],
    [['--cgroup-parent', '../x'], /\.\.\/x leads out of the hierarchy/],
    [['--cgroup-parent', 'x.slice'], /x\.slice is a slice of systemd, which is not here/],
    [['--cgroups', 'disabled', '-m', '64m'], /--cgroups disabled and a limit contradict/],
  ])('%j is refused by name', async (flags, what) => {
    expectRefusal(await run([...flags, '/bin/true']), what);
  });

  if (isUnified) return;

  it('files of cgroup v2 are refused on v1', async () => {
    expectRefusal(await run(['--cgroup-conf', 'memory.high=1g', '/bin/true']), /cgroup v2/);
  });
});

describeEach('without a limit', (person) => {
  it('everybody’s container runs, with a cgroup or without', async () => {
    const result = await run(['/bin/echo', 'hi'], {as: person});
    expect(result).toEqual({status: 0, stdout: 'hi\n', stderr: ''});
  });

  // What a plain user gets of cgroup v2 depends on systemd: that is tested in machines that have it.
  if (isUnified || person.uid === 0) return;

  it('a limit is refused with what to do', async () => {
    expectRefusal(
      await run(['-m', '64m', '/bin/true'], {as: person}),
      /linux\.resources\.memory\.limit needs the cgroup controller memory.*only root may\nhint: run as root/,
    );
  });
});
