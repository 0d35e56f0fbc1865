import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';
import {inTerminal} from '../harness/terminal.ts';

const docker = useDocker();

const run = (flags: readonly string[], command: readonly string[]) =>
  docker().argv(['run', '--rm', '--network', 'none', ...flags, 'small', ...command]);

describe.runIf(isRoot)('only root: docker run, its streams', {concurrent: true}, () => {
  it('prints what the command prints, where it prints it', async ({expect}) => {
    expect(await docker().run([], ['sh', '-c', 'echo out; echo err >&2'])).toEqual({
      status: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('gives no input to the command without -i', async ({expect}) => {
    expect(await docker().run([], ['wc', '-c'], {stdin: 'lost'})).toMatchObject({stdout: '0\n'});
  });

  it('gives an input that is at its end to the command with -i', async ({expect}) => {
    expect(await docker().run(['-i'], ['wc', '-c'], {stdin: ''})).toMatchObject({stdout: '0\n'});
  });

  it('carries much in both directions', async ({expect}) => {
    const input = Buffer.alloc(8 * 1024 * 1024, 'x');
    const {status, stdout} = await docker().run(['-i'], ['cat'], {stdin: input});
    expect(status).toBe(0);
    expect(stdout.length).toBe(input.length);
  });

  it('lets another user than root open its streams anew', async ({expect}) => {
    const script = 'echo out > /dev/stdout; echo err > /dev/stderr';
    expect(await docker().run(['--user', '1000'], ['sh', '-c', script])).toEqual({
      status: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('goes on when its caller is killed', async ({expect}) => {
    const name = 'without-caller';
    const script = 'while :; do echo x; sleep 0.1; done';
    const running = docker().start(run(['--name', name], ['sh', '-c', script]).slice(3));
    await running.printed('x\n');
    running.process.kill('SIGKILL');
    await running.result;
    expect(await docker().inspect(name, '{{.State.Status}}')).toBe('running');
    await docker().remove(name);
  });

  it('is attached to again and again', async ({expect}) => {
    const script = 'while read line; do echo got $line; [ "$line" = end ] && exit 6; done';
    const id = await docker().detach(['-i'], ['sh', '-c', script]);
    const attached = docker().start(['attach', id], {stdin: 'open'});
    attached.stdin.write('one\n');
    await attached.printed('got one');
    const another = docker().start(['attach', id], {stdin: 'open'});
    another.stdin.write('two\n');
    await another.printed('got two');
    another.stdin.write('end\n');
    expect((await another.result).status).toBe(6);
    expect((await attached.result).stdout).toContain('got two');
    await docker().remove(id);
  });

  it('is followed by docker logs', async ({expect}) => {
    const id = await docker().detach([], ['sh', '-c', 'echo one; sleep 0.3; echo two >&2; exit 0']);
    expect(await docker().do(['logs', '--follow', id])).toEqual({
      status: 0,
      stdout: 'one\n',
      stderr: 'two\n',
    });
    await docker().remove(id);
  });

  it('ends on a signal to its caller', async ({expect}) => {
    const script = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done';
    const running = docker().start(run([], ['sh', '-c', script]).slice(3));
    await running.printed('ready');
    running.process.kill('SIGTERM');
    expect((await running.result).status).toBe(9);
  });
});

describe.runIf(isRoot)('only root: docker run -t', {concurrent: true}, () => {
  it('has a terminal of the size of the outer one', async ({expect}) => {
    const script = "tty; until stty size 2>/dev/null | grep -v '^0'; do sleep 0.1; done; exit 3";
    const {status, printed} = await inTerminal(run(['-it'], ['sh', '-c', script]), {
      rows: 33,
      columns: 93,
    });
    expect(printed).toContain('/dev/pts/0\r\n');
    expect(printed).toContain('33 93\r\n');
    expect(status).toBe(3);
  });

  it('has the terminal as its controlling one, and as /dev/console', async ({expect}) => {
    const script = 'echo to the terminal > /dev/tty; echo to the console > /dev/console';
    const {printed} = await inTerminal(run(['-it'], ['sh', '-c', script]));
    expect(printed).toContain('to the terminal\r\nto the console\r\n');
  });

  it('belongs to the user', async ({expect}) => {
    const script = 'stat -c %u $(tty); echo opened > $(tty)';
    const {printed} = await inTerminal(run(['-it', '--user', '1000'], ['sh', '-c', script]));
    expect(printed).toContain('1000\r\nopened\r\n');
  });

  it('is a shell that is typed to', async ({expect}) => {
    const {status, printed} = await inTerminal(run(['-it'], ['sh']), {
      type: [
        {after: '# ', text: 'echo $((6 * 7))\n'},
        {after: '42', text: 'exit 8\n'},
      ],
    });
    expect(printed).toContain('42\r\n');
    expect(status).toBe(8);
  });

  it('ends a command that Ctrl-C interrupts', async ({expect}) => {
    const script = 'trap "exit 11" INT; echo ready; while :; do sleep 0.1; done';
    const {status} = await inTerminal(run(['-it'], ['sh', '-c', script]), {
      type: [{after: 'ready', text: '\x03'}],
    });
    expect(status).toBe(11);
  });

  it('prints nothing twice where only the output is a terminal', async ({expect}) => {
    const {stdout} = await docker().run(['-t'], ['echo', 'once']);
    expect(stdout).toBe('once\r\n');
  });

  it('is detached from by its keys, and goes on', async ({expect}) => {
    const name = 'left-alone';
    const script = 'echo ready; sleep 60';
    const words = docker().argv([
      ...['run', '--name', name, '--network', 'none', '-it', 'small', 'sh', '-c', script],
    ]);
    await inTerminal(words, {type: [{after: 'ready', text: '\x10\x11'}]});
    expect(await docker().inspect(name, '{{.State.Status}}')).toBe('running');
    await docker().remove(name);
  });
});
