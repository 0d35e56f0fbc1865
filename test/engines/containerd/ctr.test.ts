import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useContainerd} from '../harness/containerd.ts';
import {inTerminal} from '../harness/terminal.ts';

const containerd = useContainerd();

let made = 0;
const newId = () => `test-${++made}`;

/** `ctr run --rm FLAGS… IMAGE ID COMMAND…`, to its end. */
const run = (flags: readonly string[], command: readonly string[], stdin = '') =>
  containerd().do(containerd().run(['--rm', ...flags], newId(), command), {stdin});

/** `ctr run --detach`: the container's id. */
async function detach(flags: readonly string[], command: readonly string[]): Promise<string> {
  const id = newId();
  await containerd().succeed(containerd().run(['--detach', ...flags], id, command));
  return id;
}

async function remove(id: string): Promise<void> {
  await containerd().do(['task', 'delete', '--force', id]);
  await containerd().succeed(['container', 'delete', id]);
}

const statusOf = async (id: string) => {
  const lines = (await containerd().succeed(['task', 'list'])).split('\n');
  return lines.find((line) => line.startsWith(`${id} `))?.split(/\s+/)[2];
};

describe.runIf(isRoot)('only root: ctr run', {concurrent: true}, () => {
  it.for([0, 3])("ends with the command's exit code %i", async (code, {expect}) => {
    const {status, stdout, stderr} = await run(
      [],
      ['sh', '-c', `echo out; echo err >&2; exit ${code}`],
    );
    expect({status, stdout}).toEqual({status: code, stdout: 'out\n'});
    expect(stderr).toContain('err\n');
  });

  it('tells that there is no such command', async ({expect}) => {
    const {status, stderr} = await run([], ['no-such-command']);
    expect(stderr).toContain('"no-such-command": executable file not found in $PATH');
    expect(status).toBe(1);
  });

  it('has the directory, the environment and the mounts that are said', async ({expect}) => {
    const flags = [
      ...['--cwd', '/tmp', '--env', 'ONE=1', '--read-only'],
      ...['--mount', `type=bind,src=${containerd().arena.rootfs}/etc,dst=/mnt,options=rbind:ro`],
    ];
    const {stdout} = await run(flags, ['sh', '-c', 'pwd; echo $ONE; ls /mnt/passwd']);
    expect(stdout).toBe('/tmp\n1\n/mnt/passwd\n');
  });

  it('has a filter of system calls and capabilities of its own', async ({expect}) => {
    const words = ['grep', '-E', 'Seccomp:|CapEff|NoNewPrivs', '/proc/self/status'];
    expect((await run(['--seccomp'], words)).stdout).toBe(
      'CapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n',
    );
    expect((await run(['--allow-new-privs'], words)).stdout).toContain('NoNewPrivs:\t0');
  });

  it('joins a network namespace that is there', async ({expect}) => {
    await containerd().arena.run(['ip', 'netns', 'add', 'made']);
    const pair = ['link', 'add', 'own0', 'type', 'veth', 'peer', 'name', 'own1'];
    await containerd().arena.run(['ip', '-n', 'made', ...pair]);
    const {stdout} = await run(['--with-ns', 'network:/run/netns/made'], ['ip', 'link']);
    expect(stdout).toContain('own0');
    await containerd().arena.run(['ip', 'netns', 'delete', 'made']);
    await containerd().arena.run(['umount', '/run/netns']);
    await containerd().arena.run(['rmdir', '/run/netns']);
  });

  it('has ids of its own in a user namespace', async ({expect}) => {
    const flags = ['--uidmap', '0:100000:65536', '--gidmap', '0:100000:65536'];
    const {stdout} = await run(flags, ['sh', '-c', 'id -u; cat /proc/self/uid_map; touch /made']);
    expect(stdout).toMatch(/^0\n +0 +100000 +65536\n$/);
  });

  it('has a terminal', async ({expect}) => {
    const words = containerd().argv(containerd().run(['--rm', '--tty'], newId(), ['sh']));
    const {status, printed} = await inTerminal(words, {
      env: containerd().arena.env,
      type: [
        {after: '# ', text: 'tty; echo $((6 * 7))\n'},
        {after: '42', text: 'exit 9\n'},
      ],
    });
    expect(printed).toContain('/dev/pts/0');
    expect(status).toBe(9);
  });
});

describe.runIf(isRoot)('only root: a task of containerd', {concurrent: true}, () => {
  it('has more processes by exec, each with its exit code', async ({expect}) => {
    const id = await detach([], ['sleep', '60']);
    const exec = (exec: string, ...command: string[]) =>
      containerd().do(['task', 'exec', '--exec-id', exec, id, ...command]);
    expect(await exec('one', 'sh', '-c', 'echo inside; exit 5')).toMatchObject({
      status: 5,
      stdout: 'inside\n',
    });
    expect((await exec('two', 'no-such-command')).stderr).toContain('executable file not found');
    await remove(id);
  });

  it('has a terminal by exec', async ({expect}) => {
    const id = await detach([], ['sleep', '60']);
    const words = ['task', 'exec', '--exec-id', 'shell', '--tty', id, 'sh', '-c', 'tty; exit 4'];
    const {status, printed} = await inTerminal(containerd().argv(words), {
      env: containerd().arena.env,
    });
    expect(printed).toMatch(/\/dev\/pts\/0/);
    expect(status).toBe(4);
    await remove(id);
  });

  it('is killed, deleted, and tells its exit code', async ({expect}) => {
    const id = await detach([], ['sh', '-c', 'trap "exit 6" TERM; while :; do sleep 0.1; done']);
    expect(await statusOf(id)).toBe('RUNNING');
    expect((await containerd().do(['task', 'delete', id])).stderr).toContain('must be stopped');
    await containerd().succeed(['task', 'kill', '--signal', 'SIGTERM', id]);
    await expect.poll(() => statusOf(id), {timeout: 10_000}).toBe('STOPPED');
    expect((await containerd().do(['task', 'delete', id])).stderr).toContain('exit code 6');
    await containerd().succeed(['container', 'delete', id]);
  });

  it('cannot be killed when it has ended', async ({expect}) => {
    const id = await detach([], ['true']);
    await expect.poll(() => statusOf(id), {timeout: 10_000}).toBe('STOPPED');
    expect((await containerd().do(['task', 'kill', id])).stderr).toContain('already finished');
    await remove(id);
  });

  it('is paused and resumed', async ({expect}) => {
    const id = await detach([], ['sleep', '60']);
    await containerd().succeed(['task', 'pause', id]);
    expect(await statusOf(id)).toBe('PAUSED');
    await containerd().succeed(['task', 'resume', id]);
    expect(await statusOf(id)).toBe('RUNNING');
    await remove(id);
  });

  it('lists its processes and tells what it uses', async ({expect}) => {
    const limit = 32 * 1024 * 1024;
    const id = await detach(['--memory-limit', `${limit}`], ['sh', '-c', 'sleep 60; :']);
    await expect
      .poll(async () => (await containerd().succeed(['task', 'ps', id])).split('\n').length)
      .toBe(3);
    const metrics = await containerd().succeed(['task', 'metrics', id]);
    expect(metrics).toMatch(/^pids\.current +2 *$/m);
    expect(metrics).toMatch(new RegExp(`^memory.limit_in_bytes +${limit} *$`, 'm'));
    expect(metrics).toMatch(/^memory\.usage_in_bytes +\d+ *$/m);
    await remove(id);
  });

  it('is told of when its first process is killed from outside', async ({expect}) => {
    const id = await detach([], ['sleep', '60']);
    const [, pid = ''] =
      new RegExp(`^${id} +(\\d+)`, 'm').exec(await containerd().succeed(['task', 'list'])) ?? [];
    await containerd().arena.run(['kill', '-KILL', pid]);
    await expect.poll(() => statusOf(id), {timeout: 10_000}).toBe('STOPPED');
    await remove(id);
  });
});
