import {createHash, randomBytes} from 'node:crypto';
import {expect, test} from 'vitest';
import {describePodman, image} from '../harness/podman.ts';

const megabytes = 8;

describePodman('streams of podman run', (podman) => {
  test.concurrent('stdout and stderr are two, and what was written last arrives', async () => {
    const {stdout, stderr} = await podman().run([], ['sh', '-c', 'echo out; echo err >&2']);
    expect({stdout, stderr}).toEqual({stdout: 'out\n', stderr: 'err\n'});
  });

  test.concurrent('much input passes through', async () => {
    const text = randomBytes(megabytes << 20);
    const printed = await podman().output(['-i'], ['sha256sum'], {stdin: text});
    expect(printed.slice(0, 64)).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test.concurrent('much output passes through', async () => {
    const command = ['sh', '-c', `yes | head -c ${megabytes << 20}`];
    const {stdout} = await podman().run([], command);
    expect(stdout.length).toBe(megabytes << 20);
  });

  test.concurrent('without -i there is no input', async () => {
    expect(await podman().output([], ['cat'], {stdin: 'unread'})).toBe('');
  });

  test.concurrent('with -t there is a terminal of the caller’s size, which is given back', async () => {
    // The engine says how big it is when it has started.
    const script =
      'tty; until stty size 2>/dev/null | grep .; do sleep 0.1; done; echo "$TERM"; test -t 0 && test -t 1 && test -t 2; exit $((3 + $?))';
    const words = ['run', '--rm', '-it', image, 'sh', '-c', script];
    const {status, printed} = await podman().terminal(words, {rows: 31, columns: 97});
    expect(printed).toBe('/dev/pts/0\r\n31 97\r\nxterm\r\n');
    expect(status).toBe(3);
  });

  test.concurrent('with -it what is typed arrives, and Ctrl-C is SIGINT', async () => {
    const script =
      'trap "echo caught; exit 5" INT; echo ready; read line; echo "got $line"; sleep 60 & wait';
    const {status, printed} = await podman().terminal(
      ['run', '--rm', '-it', image, 'sh', '-c', script],
      {
        type: [
          {after: 'ready', text: 'some words\r'},
          {after: 'got some words', text: '\u0003'},
        ],
      },
    );
    expect(printed).toContain('caught');
    expect(status).toBe(5);
  });

  test.concurrent('with -t alone the output is a terminal’s', async () => {
    expect((await podman().run(['-t'], ['sh', '-c', 'test -t 1 && echo yes'])).stdout).toBe(
      'yes\r\n',
    );
  });

  test.concurrent('attach gives what is written from then on, and passes input', async () => {
    await using container = await podman().detach(
      ['-i'],
      ['sh', '-c', 'read line; echo "got $line"; exit 6'],
    );
    const attached = podman().start(['attach', container.name], {stdin: 'a line\n'});
    expect((await attached.result).stdout).toContain('got a line\n');
    expect(await podman().succeed(['wait', container.name])).toBe('6');
  });

  test.concurrent('detaching by keys leaves the container running', async () => {
    await using container = podman().removed(podman().name());
    const {status} = await podman().terminal(
      [
        'run',
        '-it',
        '--detach-keys',
        'ctrl-x',
        '--name',
        container.name,
        image,
        'sh',
        '-c',
        'echo ready; sleep 60',
      ],
      {type: [{after: 'ready', text: '\u0018'}]},
    );
    expect(status).toBe(0);
    expect(await podman().inspect(container.name, '{{.State.Status}}')).toBe('running');
  });

  test.concurrent('with --preserve-fds the command has the caller’s descriptors', async () => {
    const words = [
      'podman',
      'run',
      '--rm',
      '--preserve-fds',
      '2',
      image,
      'sh',
      '-c',
      'cat <&3; cat <&4',
    ];
    const line = `${words.map((word) => `'${word}'`).join(' ')} 3<third 4<fourth`;
    const script = `printf third >third; printf fourth >fourth; ${line}`;
    expect(await podman().program(['sh', '-c', script])).toBe('thirdfourth');
  });

  test.concurrent('signals to podman run reach the command', async () => {
    await using container = podman().removed(podman().name());
    const script = 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done';
    const words = ['run', '--name', container.name, image, 'sh', '-c', script];
    const running = podman().start(words);
    await running.printed('ready');
    await podman().program(['pkill', '-TERM', '-f', `^podman run --name ${container.name} `]);
    expect((await running.result).status).toBe(7);
  });

  test.concurrent('with --rm it goes on when podman run is killed, and is removed at its end', async () => {
    await using container = podman().removed(podman().name());
    const script = 'echo ready; read line </tmp/end; exit 0';
    const flags = ['--rm', '--name', container.name];
    const running = podman().start([
      'run',
      ...flags,
      image,
      'sh',
      '-c',
      `mkfifo /tmp/end; ${script}`,
    ]);
    await running.printed('ready');
    await podman().program(['pkill', '-KILL', '-f', `^podman run --rm --name ${container.name} `]);
    await running.result;
    // It may end with the container.
    await podman().do(['exec', container.name, 'sh', '-c', 'echo >/tmp/end']);
    await podman().program([
      'sh',
      '-c',
      `while podman container exists ${container.name}; do sleep 0.1; done`,
    ]);
  });
});
