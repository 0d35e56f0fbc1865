import {expect, test} from 'vitest';
import {describePodman, image} from '../harness/podman.ts';
import {runtimeName} from '../harness/runtime.ts';

const directory = '/sys/fs/cgroup';

describePodman('limits of containers of Podman', (podman, {rootless}) => {
  test.concurrent('--ulimit', async () => {
    const flags = ['--ulimit', 'nofile=100:200', '--ulimit', 'core=0', '--ulimit', 'nproc=900'];
    const script = 'ulimit -n; ulimit -Hn; ulimit -c';
    expect(await podman().output(flags, ['sh', '-c', script])).toBe('100\n200\n0');
  });

  test.concurrent('--shm-size', async () => {
    const flags = ['--shm-size', '3m'];
    expect(await podman().output(flags, ['df', '-m', '/dev/shm'])).toMatch(/shm\s+3\s/);
  });

  test.concurrent('--oom-score-adj', async () => {
    const flags = ['--oom-score-adj', '900'];
    expect(await podman().output(flags, ['cat', '/proc/self/oom_score_adj'])).toBe('900');
  });

  // Podman gives a plain user without cgroups of v2 no limits.
  if (rootless) return;

  test.concurrent('--memory, --memory-swap, --memory-reservation', async () => {
    const flags = ['--memory', '32m', '--memory-swap', '48m', '--memory-reservation', '16m'];
    const files = ['limit_in_bytes', 'memsw.limit_in_bytes', 'soft_limit_in_bytes'];
    const paths = files.map((file) => `${directory}/memory/memory.${file}`);
    expect(await podman().output(flags, ['cat', ...paths])).toBe('33554432\n50331648\n16777216');
  });

  test.concurrent('one that takes more than its memory is killed', async () => {
    const flags = ['--memory', '16m', '--memory-swap', '16m'];
    expect((await podman().run(flags, ['tail', '/dev/zero'])).status).toBe(137);
  });

  test.concurrent('--pids-limit', async () => {
    const script = `cat ${directory}/pids/pids.max; for i in 1 2 3 4 5 6 7 8; do sleep 1 & done 2>&1`;
    const printed = await podman().do([
      'run',
      '--rm',
      '--pids-limit',
      '5',
      image,
      'sh',
      '-c',
      script,
    ]);
    expect(printed.stdout + printed.stderr).toMatch(/^5\n[\s\S]*(fork|Resource)/);
  });

  test.concurrent('--cpus, --cpu-shares, --cpuset-cpus', async () => {
    const flags = ['--cpus', '0.5', '--cpu-shares', '200', '--cpuset-cpus', '0'];
    const paths = [
      'cpu/cpu.cfs_quota_us',
      'cpu/cpu.cfs_period_us',
      'cpu/cpu.shares',
      'cpuset/cpuset.cpus',
    ];
    const words = ['cat', ...paths.map((path) => `${directory}/${path}`)];
    expect(await podman().output(flags, words)).toBe('50000\n100000\n200\n0');
  });

  test.concurrent('update changes what runs', async () => {
    await using container = await podman().detach(['--memory', '64m'], ['sleep', '60']);
    await podman().succeed([
      'update',
      '--memory',
      '96m',
      '--cpus',
      '0.25',
      '--cpu-shares',
      '300',
      container.name,
    ]);
    const paths = ['memory/memory.limit_in_bytes', 'cpu/cpu.cfs_quota_us', 'cpu/cpu.shares'];
    const words = ['cat', ...paths.map((path) => `${directory}/${path}`)];
    expect(await podman().succeed(['exec', container.name, ...words])).toBe(
      '100663296\n25000\n300',
    );
  });

  test.concurrent('a device it may not use is refused by its cgroup', async () => {
    const script =
      'mknod /tmp/full c 1 7 && echo made; head -c 1 /tmp/full | wc -c; mknod /tmp/mem b 7 0; cat /tmp/mem';
    const flags = ['--cap-add', 'mknod'];
    const {stdout, stderr} = await podman().run(flags, ['sh', '-c', script]);
    expect(stdout).toContain('made\n1\n');
    expect(stderr).toContain("can't open '/tmp/mem': Operation not permitted");
  });

  test.concurrent('--cgroup-parent', async () => {
    const parent = ['--cgroup-parent', '/parent_of_test', '--cgroupns', 'host'];
    const words = ['grep', 'memory', '/proc/self/cgroup'];
    expect(await podman().output(parent, words)).toMatch(/:memory:\/parent_of_test\/libpod-\w+$/);
    // Podman keeps what it made for itself there.
    const made = ['find', directory, '-depth', '-type', 'd', '-path', '*/parent_of_test*'];
    await podman().program([...made, '-exec', 'rmdir', '{}', ';']);
  });

  // Podman does not ask runc for it.
  if (runtimeName !== 'runc') {
    test.concurrent('--cgroups=disabled leaves it where its caller is', async () => {
      const flags = ['--cgroups', 'disabled', '--cgroupns', 'host'];
      expect(await podman().output(flags, ['grep', 'memory', '/proc/self/cgroup'])).toMatch(
        /:memory:\/(libpod_parent\/conmon)?$/,
      );
    });
  }

  test.concurrent('stats tells what one uses', async () => {
    await using container = await podman().detach(['--memory', '32m'], ['sleep', '60']);
    const format = '{{.Name}} {{.PIDs}} {{.MemUsage}}';
    expect(
      await podman().succeed(['stats', '--no-stream', '--format', format, container.name]),
    ).toMatch(new RegExp(`^${container.name} 1 \\S+ / 33.55MB$`));
  });
});
