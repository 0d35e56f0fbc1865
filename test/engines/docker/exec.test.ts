import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';
import {grantsAll} from '../harness/privileges.ts';
import {inTerminal} from '../harness/terminal.ts';

const docker = useDocker();
const sysAdmin = 1n << 21n;
let id = '';

beforeAll(async () => {
  id = await docker().detach(['--env', 'FROM=run', '--workdir', '/tmp'], ['sleep', '600']);
});

afterAll(() => docker().remove(id));

/** `docker exec FLAGS… CONTAINER COMMAND…`. */
const exec = (
  flags: readonly string[],
  command: readonly string[],
  options: {stdin?: string | Buffer} = {},
) => docker().do(['exec', ...flags, id, ...command], options);

describe.runIf(isRoot)('only root: docker exec', {concurrent: true}, () => {
  it('prints what the command prints, where it prints it', async ({expect}) => {
    expect(await exec([], ['sh', '-c', 'echo out; echo err >&2'])).toEqual({
      status: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it.for([0, 3, 255])("ends with the command's exit code %i", async (code, {expect}) => {
    expect(await exec([], ['sh', '-c', `exit ${code}`])).toMatchObject({status: code});
  });

  it('ends with 128 and the signal', async ({expect}) => {
    expect(await exec([], ['sh', '-c', 'kill -9 $$'])).toMatchObject({status: 137});
  });

  // 127 since Docker 23.
  it('ends with 126 or 127 where there is no such command', async ({expect}) => {
    const {status, stdout, stderr} = await exec([], ['no-such-command']);
    expect(stdout + stderr).toContain('"no-such-command": executable file not found in $PATH');
    expect([126, 127]).toContain(status);
  });

  it.for(['/etc/passwd', '/etc'])(
    'ends with 126 where %s cannot be executed',
    async (path, {expect}) => {
      const {status, stdout, stderr} = await exec([], [path]);
      expect(stdout + stderr).toContain('permission denied');
      expect(status).toBe(126);
    },
  );

  it('ends with 126 or 127 where there is no such working directory', async ({expect}) => {
    const {status, stdout, stderr} = await exec(['--workdir', '/no/such'], ['true']);
    expect(stdout + stderr).toContain('/no/such');
    expect(stdout + stderr).toContain('no such file or directory');
    expect([126, 127]).toContain(status);
  });

  it("is in the container's namespaces", async ({expect}) => {
    const script = 'for n in cgroup ipc mnt net pid uts; do readlink /proc/self/ns/$n; done';
    const {stdout} = await exec([], ['sh', '-c', script]);
    const init = await exec([], ['sh', '-c', script.replaceAll('self', '1')]);
    expect(stdout).toBe(init.stdout);
  });

  it("is in the container's cgroups", async ({expect}) => {
    const {stdout} = await exec([], ['cat', '/proc/self/cgroup', '/proc/1/cgroup']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, lines.length / 2)).toEqual(lines.slice(lines.length / 2));
  });

  it("has the container's environment and working directory", async ({expect}) => {
    expect((await exec([], ['sh', '-c', 'echo $FROM; pwd'])).stdout).toBe('run\n/tmp\n');
  });

  it('has those that are said', async ({expect}) => {
    const flags = ['--env', 'FROM=exec', '--env', 'MORE=more', '--workdir', '/etc'];
    expect((await exec(flags, ['sh', '-c', 'echo $FROM $MORE; pwd'])).stdout).toBe(
      'exec more\n/etc\n',
    );
  });

  it('is the user that is said, without capabilities', async ({expect}) => {
    const script = 'id -u; id -G; grep CapEff /proc/self/status';
    const {stdout} = await exec(['--user', 'worker'], ['sh', '-c', script]);
    expect(stdout).toBe('1000\n1000 2000\nCapEff:\t0000000000000000\n');
  });

  it('is confined as the container is', async ({expect}) => {
    const words = ['grep', '-E', 'Seccomp:|CapEff', '/proc/self/status'];
    expect((await exec([], words)).stdout).toBe('CapEff:\t00000000a80425fb\nSeccomp:\t2\n');
  });

  it.runIf(grantsAll)('has all capabilities with --privileged', async ({expect}) => {
    const {stdout} = await exec(['--privileged'], ['grep', 'CapEff', '/proc/self/status']);
    const capabilities = BigInt(`0x${stdout.split('\t')[1]?.trim()}`);
    expect(capabilities & sysAdmin).toBe(sysAdmin);
  });

  it('gives its input to the command with -i, and the end of it', async ({expect}) => {
    const input = 'first\nsecond\n';
    expect(await exec(['-i'], ['cat'], {stdin: input})).toMatchObject({status: 0, stdout: input});
    expect(await exec(['-i'], ['wc', '-c'], {stdin: ''})).toMatchObject({stdout: '0\n'});
  });

  it('gives no input to the command without it', async ({expect}) => {
    expect(await exec([], ['wc', '-c'], {stdin: 'lost'})).toMatchObject({stdout: '0\n'});
  });

  it('carries much in both directions', async ({expect}) => {
    const input = Buffer.alloc(4 * 1024 * 1024, 'x');
    const {status, stdout} = await exec(['-i'], ['cat'], {stdin: input});
    expect(status).toBe(0);
    expect(stdout.length).toBe(input.length);
  });

  it('has a terminal with -t', async ({expect}) => {
    // The engine says how big it is when it has started.
    const size = "until stty size 2>/dev/null | grep -v '^0'; do sleep 0.1; done";
    const words = docker().argv(['exec', '-it', id, 'sh', '-c', `tty; ${size}; exit 3`]);
    const {status, printed} = await inTerminal(words, {rows: 31, columns: 91});
    expect(printed).toMatch(/\/dev\/pts\/\d+\r\n/);
    expect(printed).toContain('31 91\r\n');
    expect(status).toBe(3);
  });

  it('leaves its command alone when its caller is killed, and the container too', async ({
    expect,
  }) => {
    const caller = docker().start([
      'exec',
      id,
      'sh',
      '-c',
      'echo started; sleep 3; echo > /tmp/done',
    ]);
    await caller.printed('started');
    caller.process.kill('SIGKILL');
    await caller.result;
    expect(await docker().inspect(id, '{{.State.Status}}')).toBe('running');
    await expect
      .poll(() => exec([], ['ls', '/tmp/done']).then(({status}) => status), {timeout: 10_000})
      .toBe(0);
  });

  it('goes on in the background with --detach', async ({expect}) => {
    expect(await exec(['--detach'], ['sh', '-c', 'sleep 0.2; echo > /tmp/detached'])).toMatchObject(
      {
        status: 0,
        stdout: '',
      },
    );
    await expect
      .poll(() => exec([], ['ls', '/tmp/detached']).then(({status}) => status), {timeout: 10_000})
      .toBe(0);
  });

  it('runs many at once', async ({expect}) => {
    const numbers = [1, 2, 3, 4, 5, 6];
    const results = await Promise.all(
      numbers.map((number) => exec([], ['sh', '-c', `echo ${number}; exit ${number}`])),
    );
    expect(results.map(({status}) => status)).toEqual(numbers);
  });

  it("tells by the daemon's own commands whether the container is well", async ({expect}) => {
    const flags = [
      '--health-cmd',
      'ls /well',
      '--health-interval',
      '200ms',
      '--health-retries',
      '1',
    ];
    const other = await docker().detach(flags, ['sh', '-c', 'sleep 1; touch /well; sleep 60']);
    const health = () => docker().inspect(other, '{{.State.Health.Status}}');
    await expect.poll(health, {timeout: 10_000}).toBe('unhealthy');
    await expect.poll(health, {timeout: 10_000}).toBe('healthy');
    await docker().remove(other);
  });

  it('is refused where the container is paused, and goes on when it is not', async ({expect}) => {
    const other = await docker().detach([], ['sleep', '60']);
    await docker().succeed(['pause', other]);
    const {status, stdout, stderr} = await docker().do(['exec', other, 'true']);
    expect(stdout + stderr).toContain('is paused');
    expect(status).toBe(1);
    await docker().succeed(['unpause', other]);
    expect((await docker().do(['exec', other, 'true'])).status).toBe(0);
    await docker().remove(other);
  });

  it('is refused where the container has ended', async ({expect}) => {
    const other = await docker().detach([], ['true']);
    await docker().succeed(['wait', other]);
    const {status, stderr} = await docker().do(['exec', other, 'true']);
    expect(stderr).toContain('is not running');
    expect(status).toBe(1);
    await docker().remove(other);
  });

  it('ends with the container', async ({expect}) => {
    const other = await docker().detach([], ['sleep', '60']);
    const running = docker().start(['exec', other, 'sh', '-c', 'echo started; sleep 60']);
    await running.printed('started');
    await sleep(100);
    await docker().remove(other);
    expect((await running.result).status).toBe(137);
  });
});
