import {expect, it} from 'vitest';
import {familyOf, kill, survivors} from '../e2e/harness/family.ts';
import {describeBoth, jobOf, openTerminal} from './person.ts';
import {containerPrompt, hostPrompt, type Terminal} from './tmux.ts';

// The user's shell puts its terminal right by itself after a program that a signal has ended; so each
// of these also shows that the command line has ended with an exit code.

/** What a terminal's user finds after a command: its exit code, and the modes that differ from before. */
async function expectAfter(terminal: Terminal, code: number, before: string): Promise<void> {
  await terminal.prompted(hostPrompt);
  expect(await terminal.ask('echo $?')).toEqual([String(code)]);
  expect(await terminal.modes()).toBe(before);
}

const ready = /^ready$/;

describeBoth('the host’s terminal is as it was', (person) => {
  it.each([
    ['/nonexistent', 127, /not in the container/],
    ['/etc/passwd', 126, /permission|execut/i],
    ['-w /nonexistent /bin/true', 125, /nonexistent/],
  ])('when %s cannot be started', async (words, code, message) => {
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    const [line, ...more] = await terminal.ask(`minicontainer run ${words}`);
    expect(line).toMatch(/^minicontainer: /);
    expect([line, ...more].join('\n')).toMatch(message);
    await expectAfter(terminal, code, before);
  });

  it('when a signal inside has ended a command', async () => {
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    const script = 'sh -c "kill -9 \\$\\$"; exit $?';
    const [line] = await terminal.ask(`minicontainer run /bin/bash -c '${script}'`);
    expect(line).toMatch(/Killed/);
    await expectAfter(terminal, 137, before);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const)(
    'when the command line gets %s and the command does not care',
    async (signal) => {
      const terminal = await openTerminal(person);
      const before = await terminal.modes();
      await terminal.enter(`minicontainer run /bin/bash -c 'echo ready; exec sleep 100'`);
      await terminal.shows(ready);
      const job = await jobOf(terminal);
      // The shell has to become sleep first, which has no handlers.
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.kill(job, signal);
      const code = 128 + {SIGTERM: 15, SIGHUP: 1, SIGINT: 2, SIGQUIT: 3}[signal];
      await expectAfter(terminal, code, before);
    },
  );

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'when the command line gets %s and runs an interactive shell',
    async (signal) => {
      const terminal = await openTerminal(person);
      const before = await terminal.modes();
      await terminal.enter('minicontainer run /bin/bash');
      await terminal.prompted(containerPrompt);
      const job = await jobOf(terminal);
      const {all} = familyOf(job);
      process.kill(job, signal);
      await expectAfter(terminal, 129, before);
      expect(await survivors(all, 1000)).toEqual([]);
    },
  );

  it.each(['init', 'keeper'] as const)('when the container’s %s is killed', async (victim) => {
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    await terminal.enter('minicontainer run /bin/bash');
    await terminal.prompted(containerPrompt);
    const family = familyOf(await jobOf(terminal));
    kill(family[victim]);
    await expectAfter(terminal, 137, before);
    expect(await survivors(family.all, 1000)).toEqual([]);
  });

  it('when the command has set modes of its own and then been killed', async () => {
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    const script = 'stty raw -echo -icrnl; kill -9 $$';
    await terminal.ask(`minicontainer run --init /bin/bash -c '${script}'`);
    await expectAfter(terminal, 137, before);
  });
});

describeBoth('closing the window', (person) => {
  it('ends the shell in the container', async () => {
    const terminal = await openTerminal(person);
    await terminal.enter('minicontainer run /bin/bash');
    await terminal.prompted(containerPrompt);
    const {all} = familyOf(await jobOf(terminal));
    expect(all).toHaveLength(2);
    await terminal.close();
    expect(await survivors(all, 2000)).toEqual([]);
  });

  it('ends a command that does not care', async () => {
    const terminal = await openTerminal(person);
    await terminal.enter(`minicontainer run /bin/bash -c 'echo ready; exec sleep 100'`);
    await terminal.shows(ready);
    const {all} = familyOf(await jobOf(terminal));
    await terminal.close();
    expect(await survivors(all, 2000)).toEqual([]);
  });
});
