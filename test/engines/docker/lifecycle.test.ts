import {setTimeout as sleep} from 'node:timers/promises';
import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';

const docker = useDocker();

/** Tells of every signal that it can, and ends on none but SIGUSR2. */
const listener = [
  'trap "echo got TERM" TERM',
  'trap "echo got HUP" HUP',
  'trap "echo got USR1" USR1',
  'trap "echo got USR2; exit 7" USR2',
  'echo ready',
  'while :; do sleep 0.1; done',
].join('\n');

/** A container that listens, once it does. */
async function listen(flags: readonly string[] = []): Promise<string> {
  const id = await docker().detach(flags, ['sh', '-c', listener]);
  await logged(id, 'ready');
  return id;
}

/** Waits until a container has printed a text. */
async function logged(id: string, text: string): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if ((await docker().succeed(['logs', id])).includes(text)) return;
    await sleep(50);
  }
  throw new Error(`not logged within 10 s: ${text}`);
}

/** The parent of a container's first process. */
const shimOf = async (pid: string) =>
  (await docker().arena.run(['ps', '-o', 'ppid=', '-p', pid])).trim();

const statusOf = (id: string) => docker().inspect(id, '{{.State.Status}} {{.State.ExitCode}}');

describe.runIf(isRoot)('only root: a container of docker', {concurrent: true}, () => {
  it('is stopped by SIGTERM, and by SIGKILL when that has not ended it', async ({expect}) => {
    const id = await listen();
    const before = performance.now();
    await docker().succeed(['stop', '--time', '1', id]);
    const tookMs = performance.now() - before;
    expect(await docker().succeed(['logs', id])).toBe('ready\ngot TERM');
    expect(await statusOf(id)).toBe('exited 137');
    expect(tookMs).toBeGreaterThan(1000);
    expect(tookMs).toBeLessThan(8000);
    await docker().remove(id);
  });

  it('is stopped at once by a signal that ends it', async ({expect}) => {
    const id = await listen(['--stop-signal', 'USR2']);
    const before = performance.now();
    await docker().succeed(['stop', '--time', '30', id]);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await statusOf(id)).toBe('exited 7');
    await docker().remove(id);
  });

  it('gets the signal that docker kill names or numbers', async ({expect}) => {
    const id = await listen();
    await docker().succeed(['kill', '--signal', 'HUP', id]);
    await logged(id, 'got HUP');
    await docker().succeed(['kill', '--signal', '10', id]);
    await logged(id, 'got USR1');
    expect(await statusOf(id)).toBe('running 0');
    await docker().succeed(['kill', id]);
    expect(await docker().succeed(['wait', id])).toBe('137');
    expect((await docker().do(['kill', id])).stderr).toContain('is not running');
    await docker().remove(id);
  });

  it('starts again after it has ended, with its files', async ({expect}) => {
    const script = 'cat /count; echo started >> /count; exit 4';
    const id = await docker().detach([], ['sh', '-c', script]);
    expect(await docker().succeed(['wait', id])).toBe('4');
    expect((await docker().do(['start', '--attach', id])).status).toBe(4);
    expect((await docker().do(['start', '--attach', id])).stdout).toBe('started\nstarted\n');
    await docker().remove(id);
  });

  it('is another process after docker restart', async ({expect}) => {
    const id = await docker().detach([], ['sleep', '60']);
    const pid = await docker().inspect(id, '{{.State.Pid}}');
    await docker().succeed(['restart', '--time', '0', id]);
    expect(await docker().inspect(id, '{{.State.Pid}}')).not.toBe(pid);
    expect(await statusOf(id)).toBe('running 0');
    await docker().remove(id);
  });

  it('is started before its first start', async ({expect}) => {
    const words = ['create', '--network', 'none', 'small', 'sh', '-c', 'exit 5'];
    const id = await docker().succeed(words);
    expect(await statusOf(id)).toBe('created 0');
    expect((await docker().do(['start', '--attach', id])).status).toBe(5);
    await docker().remove(id);
  });

  it('does nothing while it is paused', async ({expect}) => {
    const id = await docker().detach([], ['sh', '-c', 'while :; do echo x; sleep 0.05; done']);
    await logged(id, 'x');
    await docker().succeed(['pause', id]);
    expect(await statusOf(id)).toBe('paused 0');
    const output = await docker().succeed(['logs', id]);
    await sleep(300);
    expect(await docker().succeed(['logs', id])).toBe(output);
    await docker().succeed(['unpause', id]);
    expect(await statusOf(id)).toBe('running 0');
    await expect.poll(() => docker().succeed(['logs', id])).not.toBe(output);
    await docker().remove(id);
  });

  it('is removed while it is paused', async ({expect}) => {
    const id = await docker().detach([], ['sleep', '60']);
    await docker().succeed(['pause', id]);
    await docker().remove(id);
    expect((await docker().do(['inspect', id])).status).toBe(1);
  });

  it('is not removed without force while it runs', async ({expect}) => {
    const id = await docker().detach([], ['sleep', '60']);
    expect((await docker().do(['rm', id])).stderr).toContain('running container');
    await docker().remove(id);
  });

  it('lists its processes by docker top', async ({expect}) => {
    const id = await docker().detach([], ['sh', '-c', 'sleep 61; :']);
    await expect.poll(() => docker().succeed(['top', id, '-o', 'pid,args'])).toMatch(/sleep 61/);
    const lines = (await docker().succeed(['top', id, '-o', 'pid,args'])).split('\n');
    expect(lines[0]).toMatch(/^PID +COMMAND$/);
    expect(lines).toHaveLength(3);
    await docker().remove(id);
  });

  it('has ended for everybody when its first process is killed from outside', async ({expect}) => {
    const id = await docker().detach([], ['sh', '-c', 'sleep 60 & sleep 60']);
    await docker().arena.run(['kill', '-KILL', await docker().inspect(id, '{{.State.Pid}}')]);
    expect(await docker().succeed(['wait', id])).toBe('137');
    expect(await docker().succeed(['ps', '--all', '--filter', `id=${id}`])).toContain(
      'Exited (137)',
    );
    await docker().remove(id);
  });

  it("ends its other processes too where it shares the daemon's pid namespace", async ({
    expect,
  }) => {
    const flags = ['--pid', 'host'];
    const id = await docker().detach(flags, ['sh', '-c', 'sleep 66 & sleep 0.5; exit 4']);
    expect(await docker().succeed(['wait', id])).toBe('4');
    await expect
      .poll(() => docker().arena.run(['ps', '-eo', 'args']), {timeout: 5000})
      .not.toContain('sleep 66');
    await docker().remove(id);
  });

  it('has ended for everybody when its shim is killed', async ({expect}) => {
    const id = await docker().detach([], ['sh', '-c', 'sleep 65 & sleep 65']);
    const pid = await docker().inspect(id, '{{.State.Pid}}');
    await docker().arena.run(['kill', '-KILL', await shimOf(pid)]);
    expect(await docker().succeed(['wait', id])).toBe('137');
    expect(await docker().arena.run(['ps', '-eo', 'args'])).not.toContain('sleep 65');
    await docker().remove(id);
  });

  it('is started twice more with --restart on-failure:2', async ({expect}) => {
    const id = await docker().detach(
      ['--restart', 'on-failure:2'],
      ['sh', '-c', 'echo ran; exit 3'],
    );
    await expect
      .poll(() => docker().inspect(id, '{{.RestartCount}} {{.State.Status}}'), {timeout: 20_000})
      .toBe('2 exited');
    expect(await docker().succeed(['logs', id])).toBe('ran\nran\nran');
    await docker().remove(id);
  });

  it('starts no more than once when it is started twice at a time', async ({expect}) => {
    const id = await docker().succeed(['create', '--network', 'none', 'small', 'sleep', '60']);
    await Promise.all([docker().do(['start', id]), docker().do(['start', id])]);
    expect((await docker().succeed(['top', id, '-o', 'pid,args'])).split('\n')).toHaveLength(2);
    await docker().remove(id);
  });

  it('is told of by the events of its life', async ({expect}) => {
    const name = 'told';
    await docker().run(['--name', name], ['true']);
    const format = ['--format', '{{.Action}}'];
    const words = ['events', '--since', '10m', '--until', '0s', ...format];
    await expect
      .poll(() => docker().succeed([...words, '--filter', `container=${name}`]))
      .toBe('create\nattach\nstart\ndie\ndestroy');
  });

  it('ends with its processes, also those that left their parents', async ({expect}) => {
    const id = await docker().detach([], ['sh', '-c', '(sleep 62 &) ; sleep 63']);
    await docker().remove(id);
    const processes = await docker().arena.run(['ps', '-eo', 'args']);
    expect(processes).not.toMatch(/sleep 6[23]/);
  });
});

describe.runIf(isRoot)('only root: docker with many containers', {concurrent: true}, () => {
  it('starts and ends ten at a time', async ({expect}) => {
    const numbers = Array.from({length: 10}, (_, index) => index);
    const results = await Promise.all(
      numbers.map((number) => docker().run([], ['sh', '-c', `echo ${number}; exit ${number}`])),
    );
    expect(results.map(({status}) => status)).toEqual(numbers);
    expect(results.map(({stdout}) => Number(stdout))).toEqual(numbers);
  });
});

// By itself: a process of ours may be there while a container is made or ended.
describe.runIf(isRoot)('only root: docker at rest', () => {
  it('has no process beside a container but the shim', async ({expect}) => {
    const id = await docker().detach([], ['sleep', '64']);
    const pid = await docker().inspect(id, '{{.State.Pid}}');
    expect(await docker().arena.run(['ps', '-o', 'args=', '--ppid', await shimOf(pid)])).toBe(
      'sleep 64',
    );
    const processes = await docker().arena.run(['ps', '-eo', 'comm']);
    expect(processes).toContain('containerd-shim');
    expect(processes.split('\n').filter((name) => name === 'nsexec' || name === 'node')).toEqual(
      [],
    );
    await docker().remove(id);
  });
});
