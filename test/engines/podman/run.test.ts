import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describePodman, image} from '../harness/podman.ts';

describePodman('podman run', (podman) => {
  test.concurrent.each([
    ['0 of a command that succeeds', ['true'], 0],
    ['3 of one that says so', ['sh', '-c', 'exit 3'], 3],
    ['127 for one that is not in PATH', ['no-such-command'], 127],
    ['127 for a path that is not there', ['/no/such/path'], 127],
    ['126 for one that is not executable', ['/etc/passwd'], 126],
    ['126 for a directory', ['/etc'], 126],
  ] as const)('exits with %s', async (_, command, expected) => {
    const {status, stderr} = await podman().run([], command);
    expect({status, said: stderr !== ''}).toEqual({status: expected, said: expected > 3});
  });

  test.concurrent('exits with 125 for what Podman or the runtime refuses, and says why', async () => {
    const refused = await podman().run(['--sysctl', 'kernel.panic=1'], ['true']);
    expect(refused.status).toBe(125);
    expect(refused.stderr).toMatch(/kernel.panic/);
    expect((await podman().run(['--no-such-flag'], ['true'])).status).toBe(125);
  });

  test.concurrent('runs as the user and group that are asked for, with their further groups', async () => {
    const id = (flags: readonly string[]) => podman().output(flags, ['id']);
    expect(await id([])).toBe('uid=0(root) gid=0(root)');
    expect(await id(['-u', 'worker'])).toBe(
      'uid=1000(worker) gid=1000(workers) groups=1000(workers),2000(helpers)',
    );
    expect(await id(['-u', '7:8', '--group-add', '9'])).toMatch(
      /^uid=7\S* gid=8\S* groups=8\S*,9$/,
    );
  });

  test.concurrent('runs in the directory that is asked for', async () => {
    expect(await podman().output(['-w', '/var'], ['pwd'])).toBe('/var');
    expect((await podman().run(['-w', '/etc/passwd'], ['pwd'])).status).toBe(126);
  });

  test.concurrent('gives the environment that is asked for', async () => {
    const file = join(podman().home.work, 'variables');
    writeFileSync(file, 'THREE=of a file\n');
    const printed = await podman().output(
      ['-e', 'ONE=a b', '-e', 'TWO=', '--env-file', file],
      ['env'],
    );
    expect(printed.split('\n').sort()).toEqual(
      expect.arrayContaining(['ONE=a b', 'THREE=of a file', 'TWO=', 'container=podman']),
    );
  });

  test.concurrent('has the host name that is asked for', async () => {
    expect(await podman().output(['--hostname', 'somewhere'], ['hostname'])).toBe('somewhere');
  });

  test.concurrent('with --init has an init that ends with the command', async () => {
    const script = `tr '\\0' ' ' </proc/1/cmdline; sh -c 'sleep 0.1 &'; exit 3`;
    const {status, stdout} = await podman().run(['--init'], ['sh', '-c', script]);
    expect({status, stdout}).toEqual({
      status: 3,
      stdout: expect.stringMatching(/^\S*init -- sh -c /),
    });
  });

  test.concurrent('keeps a container without --rm, which starts again', async () => {
    await using container = podman().removed(podman().name());
    const command = ['sh', '-c', 'echo run >>/runs; cat /runs'];
    const words = ['run', '--name', container.name, image, ...command];
    expect(await podman().succeed(words)).toBe('run');
    expect(await podman().succeed(['start', '-a', container.name])).toBe('run\nrun');
    expect(await podman().inspect(container.name, '{{.State.Status}}')).toBe('exited');
  });

  test.concurrent('with -d leaves it running, for logs and wait', async () => {
    await using container = await podman().detach(
      [],
      ['sh', '-c', 'echo out; echo err >&2; exit 4'],
    );
    expect(await podman().succeed(['wait', container.name])).toBe('4');
    const {stdout, stderr} = await podman().do(['logs', container.name]);
    expect({stdout, stderr}).toEqual({stdout: 'out\n', stderr: 'err\n'});
  });

  test.concurrent('runs what an image of somebody else’s would: its entry point, volume and user', async () => {
    const change = ['ENTRYPOINT ["/bin/echo","as"]', 'VOLUME /data', 'USER 1000', 'ENV A=b'];
    const name = `localhost/${podman().name()}`;
    const archive = join(podman().arena.scratch, 'image.tar');
    await podman().succeed(['import', '-q', ...change.flatMap((c) => ['-c', c]), archive, name]);
    expect(await podman().succeed(['run', '--rm', name, 'said'])).toBe('as said');
    const words = ['run', '--rm', '--entrypoint', 'sh', name, '-c', 'id -u; echo $A; ls -d /data'];
    expect(await podman().succeed(words)).toBe('1000\nb\n/data');
    await podman().succeed(['rmi', name]);
  });
});
