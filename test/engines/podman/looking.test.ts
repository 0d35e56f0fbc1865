import {expect, test} from 'vitest';
import {describePodman, image} from '../harness/podman.ts';
import {runtimePath} from '../harness/runtime.ts';

describePodman('looking at containers of Podman', (podman) => {
  test.concurrent('info names the runtime and its version', async () => {
    const printed = await podman().succeed(['info', '--format', '{{json .Host.OCIRuntime}}']);
    const {name, path, version} = JSON.parse(printed);
    expect({name, path}).toEqual({name: runtimePath().split('/').at(-1), path: runtimePath()});
    expect(version).toMatch(/^(runc|crun|minicontainer-oci) version \d+\.\d+\.\d+/);
    expect(version).toMatch(/^spec: 1\.\d+\.\d+/m);
  });

  test.concurrent('top tells what runs', async () => {
    await using container = await podman().detach(
      ['-u', 'worker'],
      ['sh', '-c', 'sleep 61 & sleep 62'],
    );
    const printed = await podman().succeed(['top', container.name, 'pid', 'user', 'args']);
    expect(printed.replace(/ +/g, ' ')).toMatch(/1 (worker|1000) .*sleep 6[12][\s\S]*sleep 6[12]/);
  });

  test.concurrent('inspect tells the runtime, the pid and how it began', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const format = '{{.OCIRuntime}} {{.State.Pid}} {{.State.Status}} {{json .Config.Cmd}}';
    const [runtime = '', pid = '', status, command] = (
      await podman().inspect(container.name, format)
    ).split(' ');
    expect({runtime: runtime.split('/').at(-1), status, command}).toEqual({
      runtime: runtimePath().split('/').at(-1),
      status: 'running',
      command: '["sleep","60"]',
    });
    expect(await podman().program(['ps', '-o', 'args=', '-p', pid])).toBe('sleep 60');
  });

  test.concurrent('a health check runs in it', async () => {
    const flags = [
      '--health-cmd',
      'test -e /healthy',
      '--health-interval',
      'disable',
      '--health-retries',
      '1',
    ];
    await using container = await podman().detach(flags, ['sleep', '60']);
    const check = () => podman().do(['healthcheck', 'run', container.name]);
    expect((await check()).status).toBe(1);
    await podman().succeed(['exec', container.name, 'touch', '/healthy']);
    expect((await check()).status).toBe(0);
    expect(await podman().inspect(container.name, '{{.State.Health.Status}}')).toBe('healthy');
  });

  test.concurrent('diff, commit and export see what was written', async () => {
    await using container = await podman().detach([], ['sh', '-c', 'echo x >/written; sleep 60']);
    await podman().succeed([
      'exec',
      container.name,
      'sh',
      '-c',
      'until test -s /written; do sleep 0.1; done',
    ]);
    expect(await podman().succeed(['diff', container.name])).toContain('A /written');
    const made = `localhost/${podman().name()}`;
    await podman().succeed(['commit', '-q', container.name, made]);
    expect(await podman().succeed(['run', '--rm', made, 'cat', '/written'])).toBe('x');
    await podman().succeed(['rmi', '-f', made]);
  });

  test.concurrent('logs are followed while it writes', async () => {
    await using container = await podman().detach(
      [],
      ['sh', '-c', 'echo one; sleep 0.3; echo two; sleep 0.3; exit 2'],
    );
    expect(await podman().succeed(['logs', '-f', container.name])).toBe('one\ntwo');
  });

  test.concurrent('generate and play keep what a container was', async () => {
    await using container = await podman().detach(['-e', 'A=b'], ['sleep', '60']);
    expect(await podman().succeed(['generate', 'kube', container.name])).toContain(
      `image: ${image}`,
    );
  });
});
