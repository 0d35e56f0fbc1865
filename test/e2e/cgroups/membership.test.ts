import {existsSync, rmdirSync} from 'node:fs';
import {expect, it} from 'vitest';
import {familyOf, kill} from '../harness/family.ts';
import {describeRoot} from '../harness/people.ts';
import {run, start} from '../harness/run.ts';
import {bash, lines} from '../harness/words.ts';
import {cgroupOf, directoryOf, isUnified, parentsNamed} from './hierarchy.ts';

describeRoot('the cgroup of a container', () => {
  it('has all of the container in it, and none of ours', async () => {
    const container = start(['run', ...bash('sleep 100 & echo up; wait')]);
    await container.printed('up');
    const {keeper, init, all} = familyOf(container.pid);
    const own = cgroupOf(init?.pid ?? 0);
    expect(own).toMatch(/minicontainer-[0-9a-f]{64}/);
    const inside = all.filter(({pid}) => pid !== keeper?.pid).map(({pid}) => cgroupOf(pid));
    expect(inside).toEqual([own, own]);
    expect(cgroupOf(container.pid)).toBe(cgroupOf(process.pid));
    expect(cgroupOf(keeper?.pid ?? 0)).toBe(cgroupOf(process.pid));
    kill(init);
    expect((await container.result).status).toBe(137);
    expect(existsSync(directoryOf(own))).toBe(false);
  });

  it('is the root of what the container sees of cgroups, and read-only', async () => {
    const files = isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory /sys/fs/cgroup/unified';
    const {stdout} = await run(
      bash(`cut -d: -f3 /proc/self/cgroup | sort -u; cat /sys/fs/cgroup/${isUnified ? '' : 'pids/'}cgroup.procs;
        for d in ${files}; do mkdir $d/x 2>/dev/null && echo $d is writable; done`),
    );
    const [place, ...members] = lines(stdout);
    expect(place).toBe('/');
    // The shell, and the commands that it runs.
    expect(members[0]).toBe('1');
    expect(members.every((pid) => /^\d+$/.test(pid))).toBe(true);
  });

  it('lies in a parent that was asked for, which stays', async () => {
    const parent = `minicontainer-e2e-${process.pid}`;
    try {
      const words = ['--cgroup-parent', `/${parent}/inner`, ...bash('echo up; sleep 100')];
      const container = start(['run', ...words]);
      await container.printed('up');
      const {init} = familyOf(container.pid);
      expect(cgroupOf(init?.pid ?? 0)).toMatch(
        new RegExp(`^/${parent}/inner/minicontainer-[0-9a-f]{64}$`),
      );
      container.process.kill('SIGTERM');
      await container.result;
      expect(parentsNamed(`${parent}/inner`)).not.toEqual([]);
    } finally {
      for (const path of [`${parent}/inner`, parent].flatMap(parentsNamed)) rmdirSync(path);
    }
  });

  it('is gone after the next run when its supervisor was killed', async () => {
    const container = start(['run', ...bash('echo up; sleep 100')]);
    await container.printed('up');
    const own = directoryOf(cgroupOf(familyOf(container.pid).init?.pid ?? 0));
    container.process.kill('SIGKILL');
    await container.result;
    await run(['/bin/true']);
    expect(existsSync(own)).toBe(false);
  });

  it('is the caller’s with --cgroups disabled', async () => {
    const container = start(['run', '--cgroups', 'disabled', ...bash('echo up; sleep 100')]);
    await container.printed('up');
    expect(cgroupOf(familyOf(container.pid).init?.pid ?? 0)).toBe(cgroupOf(process.pid));
    container.process.kill('SIGTERM');
    await container.result;
  });

  it('shows the place on the host with --cgroupns host', async () => {
    const {stdout} = await run(['--cgroupns', 'host', '/bin/cat', '/proc/self/cgroup']);
    expect(stdout).toMatch(/minicontainer-[0-9a-f]{64}/);
  });

  it('keeps a container from devices that it was not given, whoever makes them', async () => {
    // fuse, which opens for everybody who may use its file, and does nothing alone.
    const probe = bash(
      'mknod -m 666 /dev/probe c 10 229; for d in probe zero; do (exec 3</dev/$d) 2>&1 && echo $d; done',
    );
    const flags = ['--userns', 'host', '--cap-add', 'MKNOD'];
    const confined = await run([...flags, ...probe]);
    expect(confined.stdout).toMatch(/probe: Operation not permitted\nzero\n$/);
    expect((await run(['--privileged', ...probe])).stdout).toBe('probe\nzero\n');
  });
});
