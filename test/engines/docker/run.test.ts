import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {runtime, useDocker} from '../harness/docker.ts';

const docker = useDocker();

describe.runIf(isRoot)('only root: docker run, the exit code', {concurrent: true}, () => {
  it.for([0, 3, 255])('is that of a command that ends with %i', async (code, {expect}) => {
    expect(await docker().run([], ['sh', '-c', `exit ${code}`])).toMatchObject({status: code});
  });

  it('is 128 and the signal that ended the command', async ({expect}) => {
    expect(await docker().run(['--init'], ['sh', '-c', 'kill -9 $$'])).toMatchObject({
      status: 137,
    });
  });

  it('is 127 where there is no such command', async ({expect}) => {
    const {status, stderr} = await docker().run([], ['no-such-command']);
    expect(stderr).toContain('exec: "no-such-command": executable file not found in $PATH');
    expect(status).toBe(127);
  });

  it('is 127 where there is no such path', async ({expect}) => {
    const {status, stderr} = await docker().run([], ['/no/such/path']);
    expect(stderr).toContain('/no/such/path');
    expect(stderr).toContain('no such file or directory');
    expect(status).toBe(127);
  });

  it.for(['/etc/passwd', '/etc'])('is 126 where %s cannot be executed', async (path, {expect}) => {
    const {status, stderr} = await docker().run([], [path]);
    expect(stderr).toContain(path);
    expect(stderr).toContain('permission denied');
    expect(status).toBe(126);
  });

  it.for([
    ['no program', '\0\x01\x02', 'exec format error'],
    ['a script without its interpreter', '#!/no/such/shell\n', 'no such file or directory'],
  ] as const)('is not 0 where the file is %s', async ([, content, problem], {expect}) => {
    const file = join(docker().arena.scratch, problem.replaceAll(' ', '-'));
    writeFileSync(file, content, {mode: 0o755});
    const {status, stderr} = await docker().run(['--volume', `${file}:/command:ro`], ['/command']);
    expect(stderr).toContain('/command');
    expect(stderr).toContain(problem);
    expect(status).not.toBe(0);
  });

  it('is 125 where the runtime refuses a flag', async ({expect}) => {
    const {status, stderr} = await docker().run(['--sysctl', 'kernel.no_such=1'], ['true']);
    expect(stderr).toContain('kernel.no_such');
    expect([125, 127]).toContain(status);
  });

  it('is 125 for a runtime that the daemon does not know', async ({expect}) => {
    const {status} = await docker().run(['--runtime', 'no-such-runtime'], ['true']);
    expect(status).toBe(125);
  });

  it('tells the container too, where it did not start', async ({expect}) => {
    const name = 'never-started';
    const words = ['run', '--name', name, '--network', 'none', 'small', 'no-such-command'];
    expect((await docker().do(words)).status).toBe(127);
    expect(await docker().inspect(name, '{{.State.Status}} {{.State.ExitCode}}')).toBe(
      'created 127',
    );
    await docker().remove(name);
  });
});

describe.runIf(isRoot)('only root: docker run, the process', {concurrent: true}, () => {
  it('runs by the runtime that is named', async ({expect}) => {
    const id = await docker().detach(['--runtime', runtime], ['sleep', '60']);
    expect(await docker().inspect(id, '{{.HostConfig.Runtime}} {{.State.Status}}')).toBe(
      `${runtime} running`,
    );
    await docker().remove(id);
  });

  it.for([
    ['worker', '1000 1000'],
    ['1000', '1000 1000'],
    ['1234:4321', '1234 4321'],
    ['1000:0', '1000 0'],
  ] as const)('is of the user %s', async ([user, ids], {expect}) => {
    const {stdout} = await docker().run(['--user', user], ['sh', '-c', 'echo $(id -u) $(id -g)']);
    expect(stdout).toBe(`${ids}\n`);
  });

  it('has the groups that are added', async ({expect}) => {
    const flags = ['--user', '1000:1000', '--group-add', '3000', '--group-add', 'helpers'];
    const {stdout} = await docker().run(flags, ['grep', '^Groups', '/proc/self/status']);
    expect(stdout.trim().split(/\s+/)).toEqual(['Groups:', '1000', '2000', '3000']);
  });

  it('starts in the working directory, which is made', async ({expect}) => {
    const {stdout} = await docker().run(['--workdir', '/made/below'], ['pwd']);
    expect(stdout).toBe('/made/below\n');
  });

  it('has the environment that is said and no other', async ({expect}) => {
    const flags = ['--env', 'ONE=1', '--env', 'LINES=first\nsecond', '--hostname', 'guest'];
    const {stdout} = await docker().run(flags, ['cat', '/proc/self/environ']);
    expect(stdout.split('\0').filter(Boolean).toSorted()).toEqual([
      'HOME=/root',
      'HOSTNAME=guest',
      'LINES=first\nsecond',
      'ONE=1',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
  });

  it('has the hostname and domainname', async ({expect}) => {
    const flags = ['--hostname', 'guest', '--domainname', 'example.test'];
    const words = ['cat', '/proc/sys/kernel/hostname', '/proc/sys/kernel/domainname'];
    expect((await docker().run(flags, words)).stdout).toBe('guest\nexample.test\n');
  });

  it('is the first of its processes', async ({expect}) => {
    const {stdout} = await docker().run([], ['sh', '-c', 'echo $$']);
    expect(stdout).toBe('1\n');
  });

  it('has an init above it with --init', async ({expect}) => {
    const {stdout} = await docker().run(['--init'], ['sh', '-c', 'cat /proc/1/comm; echo $$']);
    expect(stdout.split('\n')[0]).toMatch(/init|tini/);
    expect(Number(stdout.split('\n')[1])).toBeGreaterThan(1);
  });

  it('sees the processes of the daemon with --pid host', async ({expect}) => {
    const {stdout} = await docker().run(['--pid', 'host'], ['sh', '-c', 'cat /proc/[0-9]*/comm']);
    expect(stdout).toContain('dockerd');
  });

  it('sees the processes of another container with --pid container:ID', async ({expect}) => {
    const id = await docker().detach([], ['sleep', '61']);
    const {stdout} = await docker().run(['--pid', `container:${id}`], ['cat', '/proc/1/cmdline']);
    expect(stdout).toBe('sleep\x0061\0');
    await docker().remove(id);
  });

  it("has the daemon's host name with --uts host", async ({expect}) => {
    const {stdout} = await docker().run(['--uts', 'host'], ['hostname']);
    expect(stdout.trim()).toBe(await docker().arena.run(['hostname']));
  });

  it('is at the top of its own cgroups with --cgroupns private', async ({expect}) => {
    const script =
      'cat /proc/self/cgroup; cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max';
    const flags = ['--cgroupns', 'private', '--pids-limit', '55'];
    const lines = (await docker().run(flags, ['sh', '-c', script])).stdout.trim().split('\n');
    expect(lines.at(-1)).toBe('55');
    expect(new Set(lines.slice(0, -1).map((line) => line.split(':')[2]))).toEqual(new Set(['/']));
  });

  it('inherits no descriptors but its streams', async ({expect}) => {
    const script = 'for fd in 3 4 5 6 7 8 9 10 11; do readlink /proc/self/fd/$fd; done';
    expect((await docker().run([], ['sh', '-c', script])).stdout).toBe('');
  });

  it('has the priority for being ended that is said', async ({expect}) => {
    const {stdout} = await docker().run(
      ['--oom-score-adj', '321'],
      ['cat', '/proc/self/oom_score_adj'],
    );
    expect(stdout).toBe('321\n');
  });

  it('has the limits that are said', async ({expect}) => {
    const flags = ['--ulimit', 'nofile=100:200', '--ulimit', 'core=0', '--ulimit', 'nproc=99'];
    const {stdout} = await docker().run(flags, ['cat', '/proc/self/limits']);
    expect(stdout).toMatch(/^Max open files +100 +200 /m);
    expect(stdout).toMatch(/^Max core file size +0 +0 /m);
    expect(stdout).toMatch(/^Max processes +99 +99 /m);
  });

  it('has a sysctl of its own namespaces', async ({expect}) => {
    const flags = ['--sysctl', 'kernel.msgmax=4321', '--sysctl', 'net.ipv4.ip_forward=1'];
    const words = ['cat', '/proc/sys/kernel/msgmax', '/proc/sys/net/ipv4/ip_forward'];
    expect((await docker().run(flags, words)).stdout).toBe('4321\n1\n');
  });
});

describe.runIf(isRoot)('only root: docker run, its networks and ipc', {concurrent: true}, () => {
  it('has loopback alone with --network none', async ({expect}) => {
    const {stdout} = await docker().run([], ['ls', '/sys/class/net']);
    expect(stdout).toContain('lo\n');
    expect(stdout).not.toContain('eth');
  });

  it("shares another container's network with --network container:ID", async ({expect}) => {
    const id = await docker().detach([], ['sleep', '60']);
    const shared = ['run', '--rm', '--network', `container:${id}`, 'small'];
    const link = ['readlink', '/proc/self/ns/net'];
    const network = await docker().succeed(['exec', id, ...link]);
    expect(await docker().succeed([...shared, ...link])).toBe(network);
    expect((await docker().run([], link)).stdout.trim()).not.toBe(network);
    await docker().remove(id);
  });

  it("is in the daemon's network with --network host", async ({expect}) => {
    const words = ['run', '--rm', '--network', 'host', 'small', 'readlink', '/proc/self/ns/net'];
    expect(await docker().succeed(words)).toBe(
      await docker().arena.run(['readlink', '/proc/self/ns/net']),
    );
  });

  it('shares its ipc where it is shareable, and not where it is private', async ({expect}) => {
    const open = await docker().detach(['--ipc', 'shareable'], ['sleep', '60']);
    const shut = await docker().detach(['--ipc', 'private'], ['sleep', '60']);
    await docker().succeed(['exec', open, 'sh', '-c', 'echo shared > /dev/shm/file']);
    const {stdout} = await docker().run(['--ipc', `container:${open}`], ['cat', '/dev/shm/file']);
    expect(stdout).toBe('shared\n');
    expect((await docker().run(['--ipc', `container:${shut}`], ['true'])).status).toBe(125);
    await docker().remove(open, shut);
  });

  it('has as much shared memory as is said', async ({expect}) => {
    const {stdout} = await docker().run(['--shm-size', '3m'], ['df', '-k', '/dev/shm']);
    expect(stdout).toMatch(/ 3072 /);
  });
});
