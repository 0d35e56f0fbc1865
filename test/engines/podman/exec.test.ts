import {createHash, randomBytes} from 'node:crypto';
import {expect, test} from 'vitest';
import {describePodman} from '../harness/podman.ts';

const megabytes = 8;

describePodman('podman exec', (podman) => {
  test.concurrent('exits as its command does, and says what could not be one', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const expected = {
      true: 0,
      'sh -c exit${IFS}3': 3,
      'sh -c kill${IFS}-9${IFS}$$': 137,
      'no-such-command': 127,
      '/no/such/path': 127,
      '/etc/passwd': 126,
      '/etc': 126,
    };
    const exits: Record<string, number | string> = {};
    for (const command of Object.keys(expected)) {
      const {status, stderr} = await podman().do(['exec', container.name, ...command.split(' ')]);
      exits[command] = status;
      expect({command, said: stderr !== ''}).toEqual({command, said: /^12[67]$/.test(`${status}`)});
    }
    expect(exits).toEqual(expected);
    expect(await podman().inspect(container.name, '{{.State.Status}}')).toBe('running');
  });

  test.concurrent('runs as the user, where and with what environment it is told', async () => {
    await using container = await podman().detach(['-e', 'A=1', '-w', '/etc'], ['sleep', '60']);
    const flags = ['-u', 'worker', '-w', '/tmp', '-e', 'B=2'];
    const script = 'id; pwd; echo $A$B';
    expect(await podman().succeed(['exec', ...flags, container.name, 'sh', '-c', script])).toMatch(
      /^uid=1000\(worker\) gid=1000\(workers\) groups=\S*2000\(helpers\)\n\/tmp\n12$/,
    );
    expect(await podman().succeed(['exec', container.name, 'pwd'])).toBe('/etc');
  });

  test.concurrent('is in the container: its namespaces, root and cgroup', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const look = 'for n in cgroup ipc mnt net pid user uts; do readlink /proc/$0/ns/$n; done';
    const words = ['exec', container.name, 'sh', '-c', look];
    expect(await podman().succeed([...words, 'self'])).toBe(
      await podman().succeed([...words, '1']),
    );
    expect(await podman().succeed(['exec', container.name, 'cat', '/proc/self/cgroup'])).toBe(
      await podman().succeed(['exec', container.name, 'cat', '/proc/1/cgroup']),
    );
  });

  test.concurrent('may do no more than the container', async () => {
    const flags = ['--cap-drop', 'all', '--cap-add', 'kill', '--security-opt', 'no-new-privileges'];
    await using container = await podman().detach(flags, ['sleep', '60']);
    const words = ['exec', container.name, 'grep', '-E', '^(Cap...|NoNewPrivs|Seccomp):'];
    expect(await podman().succeed([...words, '/proc/self/status'])).toBe(
      await podman().succeed([...words, '/proc/1/status']),
    );
  });

  test.concurrent('with -t has a terminal of the caller’s size', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    // Podman tells the size when the command may have begun already.
    const script = 'tty; until stty size 2>&1 | grep ^33; do sleep 0.1; done; read a; exit $a';
    const words = ['exec', '-it', container.name, 'sh', '-c', script];
    const {status, printed} = await podman().terminal(words, {
      rows: 33,
      columns: 99,
      type: [{after: '33 99', text: '8\r'}],
    });
    expect(printed).toMatch(/^\/dev\/pts\/\d\r\n33 99\r\n/);
    expect(status).toBe(8);
  });

  test.concurrent('with -i reads its input to the end', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const text = randomBytes(megabytes << 20);
    const printed = await podman().succeed(['exec', '-i', container.name, 'sha256sum'], {
      stdin: text,
    });
    expect(printed.slice(0, 64)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(await podman().succeed(['exec', '-i', container.name, 'cat'], {stdin: ''})).toBe('');
  });

  test.concurrent('without -i has no input, and much output passes through', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    expect(await podman().succeed(['exec', container.name, 'cat'], {stdin: 'unread'})).toBe('');
    const script = `yes | head -c ${megabytes << 20}; echo err >&2`;
    const {stdout, stderr} = await podman().do(['exec', container.name, 'sh', '-c', script]);
    expect({length: stdout.length, stderr}).toEqual({length: megabytes << 20, stderr: 'err\n'});
  });

  test.concurrent('with -d goes on by itself', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    await podman().succeed(['exec', '-d', container.name, 'sh', '-c', 'echo done >/written']);
    const words = [
      'exec',
      container.name,
      'sh',
      '-c',
      'until grep done /written; do sleep 0.1; done',
    ];
    expect(await podman().succeed(words)).toBe('done');
  });

  test.concurrent('goes on when its caller is killed, and the container stays whole', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const script = 'echo ready; sleep 1; echo after >/written';
    const running = podman().start(['exec', container.name, 'sh', '-c', script]);
    await running.printed('ready');
    await podman().program(['pkill', '-KILL', '-f', `^podman exec ${container.name} `]);
    await running.result;
    const words = [
      'exec',
      container.name,
      'sh',
      '-c',
      'until grep after /written; do sleep 0.1; done',
    ];
    expect(await podman().succeed(words)).toBe('after');
  });

  test.concurrent('many at once each get their own exit code and output', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const codes = [11, 12, 13, 14, 15, 16];
    const results = await Promise.all(
      codes.map((code) =>
        podman().do(['exec', container.name, 'sh', '-c', `echo ${code}; exit ${code}`]),
      ),
    );
    expect(results.map(({status, stdout}) => [status, stdout])).toEqual(
      codes.map((code) => [code, `${code}\n`]),
    );
  });

  test.concurrent('is refused in a container that has ended', async () => {
    await using container = await podman().detach([], ['true']);
    await podman().succeed(['wait', container.name]);
    const {status, stderr} = await podman().do(['exec', container.name, 'true']);
    expect({status, stderr}).toEqual({
      status: 255,
      stderr: expect.stringContaining('running containers'),
    });
  });

  test.concurrent('with --privileged has what the container has not', async () => {
    await using container = await podman().detach(['--cap-drop', 'all'], ['sleep', '60']);
    const words = ['grep', 'CapEff', '/proc/self/status'];
    const {status, stdout} = await podman().do(['exec', '--privileged', container.name, ...words]);
    expect({status, stdout}).toEqual({
      status: 0,
      stdout: expect.not.stringContaining('0000000000000000'),
    });
  });

  test.concurrent('with --preserve-fds has the caller’s descriptors', async () => {
    await using container = await podman().detach([], ['sleep', '60']);
    const words = [
      'podman',
      'exec',
      '--preserve-fds',
      '1',
      container.name,
      'cat',
      '/proc/self/fd/3',
    ];
    const script = `printf third >third; ${words.join(' ')} 3<third`;
    expect(await podman().program(['sh', '-c', script])).toBe('third');
  });
});
