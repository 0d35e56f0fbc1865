import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {run, start} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

const numbers = {SIGTERM: 15, SIGINT: 2, SIGHUP: 1, SIGQUIT: 3, SIGUSR1: 10, SIGUSR2: 12} as const;
const signals = Object.keys(numbers) as (keyof typeof numbers)[];

describeEach('a signal to the process that was started', (person) => {
  it.each(signals)('%s ends a command that does not care, as it would outside', async (signal) => {
    const container = start(['run', ...bash('echo ready; exec sleep 100')], {as: person});
    await container.printed('ready');
    // The shell has to become sleep first.
    await new Promise((resolve) => setTimeout(resolve, 50));
    container.process.kill(signal);
    expect((await container.result).status).toBe(128 + numbers[signal]);
  });

  it.each(signals)('%s reaches the trap of a shell', async (signal) => {
    const script = `trap 'echo taken; exit 7' ${signal.slice(3)}; echo ready; while :; do sleep 0.01; done`;
    const container = start(['run', ...bash(script)], {as: person});
    await container.printed('ready');
    container.process.kill(signal);
    expect(await container.result).toEqual({status: 7, stdout: 'ready\ntaken\n', stderr: ''});
  });

  it.each(signals)('%s leaves a command that ignores it alone', async (signal) => {
    const script = `trap '' ${signal.slice(3)}; echo ready; read line; echo $line`;
    const container = start(['run', ...bash(script)], {as: person, stdin: 'open'});
    await container.printed('ready');
    container.process.kill(signal);
    container.process.kill(signal);
    container.stdin.end('still here\n');
    expect(await container.result).toMatchObject({status: 0, stdout: 'ready\nstill here\n'});
  });

  it.each(signals)('%s is forwarded by --init', async (signal) => {
    const script = `trap 'echo taken; exit 7' ${signal.slice(3)}; echo ready; while :; do sleep 0.01; done`;
    const container = start(['run', '--init', ...bash(script)], {as: person});
    await container.printed('ready');
    container.process.kill(signal);
    expect(await container.result).toMatchObject({status: 7, stdout: 'ready\ntaken\n'});
  });

  it('ends by SIGTERM what --init runs', async () => {
    const container = start(['run', '--init', ...bash('echo ready; exec sleep 100')], {as: person});
    await container.printed('ready');
    container.process.kill('SIGTERM');
    expect((await container.result).status).toBe(143);
  });

  it('stops nothing: SIGSTOP and SIGCONT are the caller’s', async () => {
    const container = start(['run', ...bash('echo ready; read line; echo $line')], {
      as: person,
      stdin: 'open',
    });
    await container.printed('ready');
    container.process.kill('SIGSTOP');
    container.process.kill('SIGCONT');
    container.stdin.end('goes on\n');
    expect(await container.result).toMatchObject({status: 0, stdout: 'ready\ngoes on\n'});
  });

  it.each([0, 20, 60, 90, 100, 110, 120, 130, 150, 200])(
    'SIGTERM after %i ms ends it however far it has come, with nothing left for the next',
    async (delayMs) => {
      const container = start(['run', '/bin/sleep', '100'], {as: person});
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      container.process.kill('SIGTERM');
      expect([143, 'SIGTERM']).toContain((await container.result).status);
      // Node has no way to clean up when it is ended: what it had begun is swept by the next run.
      expect(await run(['/bin/true'], {as: person})).toMatchObject({status: 0});
    },
  );
});
