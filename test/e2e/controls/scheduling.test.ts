import {expect, it} from 'vitest';
import {describeEach, describeRoot, someone} from '../harness/people.ts';
import {runSpec} from '../harness/spec.ts';

describeEach('what a specification asks of the scheduler', (person) => {
  it('is what the process has: a policy and a niceness', async () => {
    const script = 'cut -d" " -f19,41 /proc/self/stat';
    const batch = {process: {scheduler: {policy: 'SCHED_BATCH', nice: 19}}} as const;
    expect(await runSpec(person, script, batch)).toMatchObject({stdout: '19 3\n'});
    const {stdout} = await runSpec(person, script);
    expect(stdout).toMatch(/ 0\n$/);
  });

  it('is refused by the kernel, and told, where only the host’s root may', async () => {
    const first = {process: {scheduler: {policy: 'SCHED_FIFO', priority: 1}}} as const;
    const {status, stderr} = await runSpec(person, 'true', first);
    expect([status, stderr]).toEqual([125, expect.stringMatching(/processor is shared.*EPERM/)]);
  });

  it('is a priority of reads and writes', async () => {
    // ioprio_get by hand: the small system has no program for it.
    const ioPriority = {class: 'IOPRIO_CLASS_BE', priority: 6} as const;
    const {stdout} = await runSpec(person, 'busybox ionice', {process: {ioPriority}});
    expect(stdout).toBe('best-effort: prio 6\n');
  });

  it('is another machine, and addresses that are always the same', async () => {
    const personality = {domain: 'LINUX32', flags: ['ADDR_NO_RANDOMIZE']} as const;
    const script = 'busybox uname -m; cat /proc/self/personality';
    const {stdout} = await runSpec(person, script, {linux: {personality}});
    expect(stdout).toBe('i686\n00040008\n');
  });

  it('is where memory comes from', async () => {
    const memoryPolicy = {mode: 'MPOL_BIND', nodes: '0'} as const;
    const script = 'cut -d" " -f2 /proc/self/numa_maps | busybox sort -u';
    expect(await runSpec(person, script, {linux: {memoryPolicy}})).toMatchObject({
      stdout: 'bind:0\n',
    });
  });

  it('is nothing for affinity, which only later processes have', async () => {
    const affinity = {process: {execCPUAffinity: {initial: '0', final: '0'}}};
    const count = 'grep Cpus_allowed_list /proc/self/status';
    const [without, with_] = [await runSpec(person, count), await runSpec(person, count, affinity)];
    expect(with_).toEqual(without);
  });
});

describeRoot('with the ids of the host', () => {
  it('a real-time policy is given', async () => {
    const script = 'cut -d" " -f40,41 /proc/self/stat';
    const changes = {
      hostIds: true,
      process: {scheduler: {policy: 'SCHED_RR', priority: 2}},
    } as const;
    expect(await runSpec(someone, script, changes)).toMatchObject({stdout: '2 2\n'});
  });
});
