import {expect, test} from 'vitest';
import {describePodman, image} from '../harness/podman.ts';
import {runtimePath} from '../harness/runtime.ts';

const onTerm = (then: string) => ['sh', '-c', `trap '${then}' TERM; while :; do sleep 0.1; done`];

describePodman('the life of a container of Podman', (podman, {rootless}) => {
  const status = (name: string) =>
    podman().inspect(name, '{{.State.Status}} {{.State.ExitCode}} {{.State.Running}}');

  test.concurrent('create, init and start are three steps', async () => {
    await using container = podman().removed(podman().name());
    await podman().succeed(['create', '--name', container.name, image, 'sh', '-c', 'exit 3']);
    expect(await status(container.name)).toBe('created 0 false');
    await podman().succeed(['init', container.name]);
    expect(await status(container.name)).toBe('initialized 0 false');
    await podman().succeed(['start', container.name]);
    expect(await podman().succeed(['wait', container.name])).toBe('3');
    expect(await status(container.name)).toBe('exited 3 false');
  });

  test.concurrent('one that was never started is removed', async () => {
    const name = podman().name();
    await podman().succeed(['create', '--name', name, image, 'true']);
    await podman().succeed(['init', name]);
    await podman().succeed(['rm', '-f', '-t', '0', name]);
  });

  test.concurrent('kill sends the signal that is named', async () => {
    await using container = await podman().detach([], onTerm('exit 9'));
    await podman().succeed(['exec', container.name, 'true']);
    await podman().succeed(['kill', '-s', 'TERM', container.name]);
    expect(await podman().succeed(['wait', container.name])).toBe('9');
    const again = await podman().do(['kill', container.name]);
    expect({status: again.status, stderr: again.stderr}).toEqual({
      status: 125,
      stderr: expect.stringContaining('can only kill running containers'),
    });
  });

  test.concurrent('kill without a signal ends it with 137', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    await podman().succeed(['kill', container.name]);
    expect(await podman().succeed(['wait', container.name])).toBe('137');
  });

  test.concurrent('stop lets it end by itself', async () => {
    await using container = await podman().detach([], onTerm('exit 0'));
    await podman().succeed(['exec', container.name, 'true']);
    await podman().succeed(['stop', '-t', '20', container.name]);
    expect(await status(container.name)).toBe('exited 0 false');
  });

  test.concurrent('stop kills what does not hear, with all its processes', async () => {
    await using container = await podman().detach([], ['sh', '-c', 'sleep 60 & sleep 60']);
    const {stderr} = await podman().do(['stop', '-t', '1', container.name]);
    expect(stderr).toContain('resorting to SIGKILL');
    expect(await status(container.name)).toBe('exited 137 false');
  });

  test.concurrent('restart runs it again', async () => {
    await using container = await podman().detach([], ['sh', '-c', 'echo run >>/runs; sleep 60']);
    await podman().succeed([
      'exec',
      container.name,
      'sh',
      '-c',
      'until test -s /runs; do sleep 0.1; done',
    ]);
    await podman().succeed(['restart', '-t', '0', container.name]);
    const words = [
      'exec',
      container.name,
      'sh',
      '-c',
      'until test `wc -l </runs` = 2; do sleep 0.1; done',
    ];
    await podman().succeed(words);
    expect(await status(container.name)).toBe('running 0 true');
  });

  test.concurrent('--restart on-failure runs it again by itself', async () => {
    const script = 'echo run >>/runs; test `wc -l </runs` = 3 || exit 1';
    await using container = await podman().detach(
      ['--restart', 'on-failure:5'],
      ['sh', '-c', script],
    );
    await podman().until(
      container.name,
      '{{.RestartCount}} {{.State.ExitCode}} {{.State.Status}}',
      /^2 0 exited$/,
    );
  });

  // Without cgroups of v2 a plain user has none, and so nothing that holds all processes.
  if (!rootless) {
    test.concurrent('one in the host’s pid namespace ends with all its processes', async () => {
      await using container = await podman().detach(
        ['--pid', 'host'],
        ['sh', '-c', 'sleep 4242 & sleep 4243'],
      );
      await podman().succeed(['rm', '-f', '-t', '0', container.name]);
      const {stdout} = await podman().do(['ps', '-aq', '--filter', `name=^${container.name}$`]);
      expect(stdout).toBe('');
    });

    test.concurrent('pause stops it, and unpause goes on', async () => {
      await using container = await podman().detach(
        [],
        ['sh', '-c', 'while :; do echo x >>/runs; sleep 0.05; done'],
      );
      await podman().succeed(['pause', container.name]);
      expect(await status(container.name)).toBe('paused 0 false');
      const refused = await podman().do(['exec', container.name, 'true']);
      expect(refused.status).toBe(255);
      await podman().succeed(['unpause', container.name]);
      expect(await status(container.name)).toBe('running 0 true');
      await podman().succeed(['exec', container.name, 'true']);
    });

    test.concurrent('a checkpoint is one to go on from, or nothing has changed', async () => {
      const count = 'i=0; while :; do i=$((i+1)); echo $i >/count; sleep 0.05; done';
      await using container = await podman().detach([], ['sh', '-c', count]);
      const {status: code} = await podman().do(['container', 'checkpoint', container.name]);
      // criu of Debian 12 does not know later kernels.
      if (code === 0) {
        expect(await status(container.name)).toBe('exited 0 false');
        await podman().succeed(['container', 'restore', container.name]);
      }
      expect(await status(container.name)).toBe('running 0 true');
      await podman().succeed(['exec', container.name, 'test', '-e', '/count']);
    });

    test.concurrent('one that is paused is removed by force', async () => {
      await using container = await podman().detach([], ['sleep', '60']);
      await podman().succeed(['pause', container.name]);
      await podman().succeed(['rm', '-f', '-t', '0', container.name]);
    });
  }

  test.concurrent('a timeout of its own ends it', async () => {
    await using container = await podman().detach(['--timeout', '1'], ['sleep', '60']);
    await podman().succeed(['wait', container.name]);
    expect(await podman().inspect(container.name, '{{.State.Status}}')).toBe('exited');
  });

  test.concurrent('when its first process is killed from outside, Podman sees it', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const pid = await podman().inspect(container.name, '{{.State.Pid}}');
    await podman().program(['kill', '-9', pid]);
    expect(await podman().succeed(['wait', container.name])).toBe('137');
    expect(
      await podman().succeed([
        'ps',
        '-a',
        '--filter',
        `name=^${container.name}$`,
        '--format',
        '{{.Status}}',
      ]),
    ).toMatch(/^Exited \(137\)/);
  });

  // Podman 4.3 removes such a container without asking the runtime to: its directory stays, whichever it is.
  test.concurrent.each([
    ['conmon is', '{{.State.ConmonPid}}'],
    ['conmon and the first process are', '{{.State.ConmonPid}} {{.State.Pid}}'],
  ])('when %s killed, the container can still be removed', async (_, pids) => {
    await using container = await podman().detach([], ['sleep', '60']);
    const id = await podman().inspect(container.name, '{{.Id}}');
    const victims = (await podman().inspect(container.name, pids)).split(' ');
    await podman().program(['kill', '-9', ...victims]);
    expect(await status(container.name)).toBe('running 0 true');
    await podman().succeed(['rm', '-f', '-t', '0', container.name]);
    await podman().program([runtimePath(), 'delete', '--force', id]);
  });

  test.concurrent('a name that is in use is refused', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const {status: code, stderr} = await podman().run(['--name', container.name], ['true']);
    expect({code, stderr}).toEqual({code: 125, stderr: expect.stringContaining('already in use')});
  });
});
