import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';

const docker = useDocker();

const mebibyte = 1024 * 1024;

/** A limit as the container's process finds it, on either version of cgroups. */
const read = (v1: string, v2: string) => [
  'sh',
  '-c',
  `cat /sys/fs/cgroup/${v1} || cat /sys/fs/cgroup/${v2}`,
];
/** Takes 64 MiB at once, when the shim listens: it begins to after the start. */
const greedy = ['sh', '-c', 'sleep 1; exec dd if=/dev/zero of=/dev/null bs=64M count=1'];
const memoryLimit = read('memory/memory.limit_in_bytes', 'memory.max');

describe.runIf(isRoot)('only root: docker run, its limits', {concurrent: true}, () => {
  it('may have as much memory as is said', async ({expect}) => {
    const {stdout} = await docker().run(['--memory', '64m'], memoryLimit);
    expect(Number(stdout)).toBe(64 * mebibyte);
  });

  it('may have as much of the processors as is said', async ({expect}) => {
    const {stdout} = await docker().run(['--cpus', '0.5'], read('cpu/cpu.cfs_quota_us', 'cpu.max'));
    expect(stdout).toMatch(/^50000\b/);
  });

  it('has the share and the set of the processors that is said', async ({expect}) => {
    const flags = ['--cpu-shares', '512', '--cpuset-cpus', '0'];
    const {stdout} = await docker().run(flags, read('cpu/cpu.shares', 'cpu.weight'));
    expect(stdout).toMatch(/^(512|20|59)\n$/);
    expect((await docker().run(flags, ['nproc'])).stdout).toBe('1\n');
  });

  it('may have as many processes as is said', async ({expect}) => {
    const script = 'for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; echo all';
    const {stdout, stderr} = await docker().run(['--pids-limit', '5'], ['sh', '-c', script]);
    expect(stderr).toMatch(/can't fork|Resource temporarily unavailable/);
    expect(stdout).not.toContain('all');
  });

  it('is below the cgroup that is said', async ({expect}) => {
    const parent = `/${docker().arena.cgroup}/of-its-own`;
    const id = await docker().detach(['--cgroup-parent', parent], ['sleep', '60']);
    const pid = await docker().inspect(id, '{{.State.Pid}}');
    const cgroups = await docker().arena.run(['cat', `/proc/${pid}/cgroup`]);
    expect(cgroups).toContain(`${parent}/${id}`);
    await docker().remove(id);
    await docker().arena.run(['sh', '-c', `rmdir /sys/fs/cgroup/*${parent}`]);
  });

  it('is ended for want of memory, and everybody is told', async ({expect}) => {
    const name = 'is-greedy';
    const flags = ['--name', name, '--memory', '16m', '--memory-swap', '16m'];
    const words = ['run', ...flags, '--network', 'none', 'small', ...greedy];
    expect((await docker().do(words)).status).toBe(137);
    // The shim is told of it beside the end.
    await expect
      .poll(() => docker().inspect(name, '{{.State.OOMKilled}}'), {timeout: 5000})
      .toBe('true');
    const events = ['events', '--since', '10m', '--filter', 'event=oom', '--until', '0s'];
    await expect
      .poll(() => docker().succeed([...events, '--filter', `container=${name}`]))
      .toContain('oom');
    await docker().remove(name);
  });

  it('has another limit after docker update, while it runs', async ({expect}) => {
    const id = await docker().detach(['--memory', '64m'], ['sleep', '60']);
    const flags = [
      '--memory',
      '128m',
      '--memory-swap',
      '128m',
      '--cpus',
      '0.25',
      '--pids-limit',
      '77',
    ];
    await docker().succeed(['update', ...flags, id]);
    const limit = await docker().succeed(['exec', id, ...memoryLimit]);
    expect(Number(limit)).toBe(128 * mebibyte);
    expect(
      await docker().succeed(['exec', id, ...read('cpu/cpu.cfs_quota_us', 'cpu.max')]),
    ).toMatch(/^25000\b/);
    expect(await docker().succeed(['exec', id, ...read('pids/pids.max', 'pids.max')])).toBe('77');
    await docker().remove(id);
  });

  it('is told of by docker stats', async ({expect}) => {
    const id = await docker().detach(['--memory', '64m', '--pids-limit', '50'], ['sleep', '60']);
    const format = '{{.MemUsage}} {{.PIDs}} {{.CPUPerc}}';
    const stats = await docker().succeed(['stats', '--no-stream', '--format', format, id]);
    expect(stats).toMatch(/^[\d.]+[KM]iB \/ 64MiB 1 [\d.]+%$/);
    await docker().remove(id);
  });
});
