import {expect, it} from 'vitest';
import {describeBoth, jobOf, openContainer, openTerminal} from './person.ts';
import {containerPrompt, hostPrompt, type Terminal} from './tmux.ts';

/** Ends what has been started in a terminal's background. */
async function endJob(terminal: Terminal): Promise<void> {
  await terminal.clear();
  // The shell tells at once when a job has ended, not before its next prompt.
  await terminal.enter('set -b; kill %1');
  await terminal.shows(/^(host> )?\[1\]\+ +Exit 143 +minicontainer run/);
  await terminal.press('Enter');
  await terminal.prompted(hostPrompt);
}

describeBoth('Ctrl-C', (person) => {
  it.each(['--init', '-t=false', '--init -t=false'])(
    'ends a command run with %s',
    async (flags) => {
      const terminal = await openTerminal(person);
      const before = await terminal.modes();
      const command = `/bin/bash -c 'echo ready; exec sleep 100'`;
      await terminal.enter(`minicontainer run ${flags} ${command}`);
      await terminal.shows(/^ready$/);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await terminal.press('C-c');
      await terminal.prompted(hostPrompt);
      expect(await terminal.ask('echo $?')).toEqual(['130']);
      expect(await terminal.modes()).toBe(before);
    },
  );

  it('reaches a command’s own handler', async () => {
    const terminal = await openTerminal(person);
    const script = `trap 'echo taken; exit 7' INT; echo ready; while :; do sleep 0.02; done`;
    await terminal.enter(`minicontainer run /bin/bash -c "${script}"`);
    await terminal.shows(/^ready$/);
    await terminal.press('C-c');
    await terminal.shows(/taken$/);
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['7']);
  });
});

describeBoth('suspending the command line', (person) => {
  it('gives the terminal back to the user’s shell; fg continues, with the size of by then', async () => {
    const terminal = await openContainer(person);
    await terminal.clear();
    process.kill(await jobOf(terminal), 'SIGSTOP');
    await terminal.shows(/Stopped +minicontainer run/);
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo mine; stty -a | grep -c " icanon"')).toEqual(['mine', '1']);
    await terminal.resize(93, 27);
    await terminal.enter('fg');
    await terminal.shows(/^minicontainer run/);
    await terminal.press('Enter');
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('stty size')).toEqual(['27 93']);
    await terminal.clear();
    await terminal.enter(`bash -c 'echo ready; exec sleep 100'`);
    await terminal.shows(/^ready$/);
    await terminal.press('C-c');
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['130']);
    await terminal.clear();
    await terminal.enter('exit 7');
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo $?; jobs')).toEqual(['7']);
  });

  it('leaves the terminal alone when it is ended in the background', async () => {
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    await terminal.enter(`minicontainer run /bin/bash -c 'echo ready; exec sleep 100'`);
    await terminal.shows(/^ready$/);
    process.kill(await jobOf(terminal), 'SIGSTOP');
    await terminal.prompted(hostPrompt);
    await endJob(terminal);
    expect(await terminal.modes()).toBe(before);
  });
});

describeBoth('in the background', (person) => {
  it('a command runs on until it needs what is typed, and has that when it is brought to the front', async () => {
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    const script = 'echo ready; read -n 3; stty size; exit 7';
    await terminal.enter(`minicontainer run /bin/bash -c '${script}' &`);
    await terminal.shows(/ready$/);
    await terminal.press('Enter');
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo mine')).toEqual(['mine']);
    await terminal.resize(90, 25);
    expect(await terminal.ask('jobs')).toEqual([expect.stringContaining('Running')]);
    await terminal.clear();
    await terminal.enter('fg');
    await terminal.shows(/^minicontainer run/);
    await terminal.type('abc');
    await terminal.shows(/abc25 90$/);
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['7']);
    expect(await terminal.modes()).toBe(before);
  });

  it.each(['> out', '-t=false'])(
    'a command run with %s does not take what its user types meanwhile',
    async (words) => {
      const terminal = await openTerminal(person);
      const [flags, out] = words.startsWith('>') ? ['', words] : [words, ''];
      const script = 'echo ready > /dev/stderr; while read -r line; do echo taken $line; done';
      await terminal.enter(`minicontainer run ${flags} /bin/bash -c '${script}' ${out} &`);
      await terminal.shows(/ready$/);
      await terminal.press('Enter');
      await terminal.prompted(hostPrompt);
      for (const count of [1, 2, 3, 4, 5]) {
        expect(await terminal.ask(`echo mine ${count}`)).toEqual([`mine ${count}`]);
      }
      expect(await terminal.ask('jobs')).toEqual([expect.stringContaining('Running')]);
      await endJob(terminal);
    },
  );
});
