import {hostname} from 'node:os';
import {expect, it} from 'vitest';
import {describeBoth, openContainer, openTerminal} from './person.ts';
import {containerPrompt, hostPrompt} from './tmux.ts';

describeBoth('a shell in a container, in a terminal', (person) => {
  it('has a prompt, a terminal of its own, its own name and only its own processes', async () => {
    const terminal = await openContainer(person);
    expect(await terminal.ask('tty')).toEqual(['/dev/pts/0']);
    expect(await terminal.ask('readlink /proc/self/fd/{0,1,2}')).toEqual(
      Array(3).fill('/dev/pts/0'),
    );
    const [name = ''] = await terminal.ask('hostname');
    expect(name).toMatch(/^[0-9a-f]{12}$/);
    expect(name).not.toBe(hostname());
    const processes = await terminal.ask('ps -e -o pid=,tty=,comm=');
    expect(processes.map((line) => line.trim().split(/\s+/))).toEqual([
      ['1', 'pts/0', 'bash'],
      [expect.stringMatching(/^\d+$/), 'pts/0', 'ps'],
    ]);
    expect(await terminal.ask('ls /dev/pts')).toEqual(['0  ptmx']);
  });

  it('edits a file with vi', async () => {
    const terminal = await openContainer(person);
    await terminal.enter('vi /tmp/notes');
    await terminal.shows(/"\/tmp\/notes".*\[New/);
    await terminal.press('i');
    await terminal.shows(/INSERT/);
    await terminal.enter('first line');
    await terminal.type('second lime');
    await terminal.press('Escape', 'h', 'r', 'n');
    await terminal.shows(/second line/);
    await terminal.enter(':wq');
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('cat /tmp/notes')).toEqual(['first line', 'second line']);
  });

  it('has the size of the window, from the start and when that changes', async () => {
    const terminal = await openTerminal(person);
    await terminal.resize(91, 31);
    await terminal.enter('minicontainer run /bin/bash');
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('stty size')).toEqual(['31 91']);
    // A shell that runs one short command after the other may take Ctrl-C for theirs.
    await terminal.enter(
      `(trap 'stty size' WINCH; sleep 100 & echo ready; while :; do wait; done)`,
    );
    await terminal.shows(/^ready$/);
    await terminal.resize(100, 35);
    await terminal.shows(/^35 100$/);
    await terminal.resize(70, 20);
    await terminal.shows(/^20 70$/);
    await terminal.press('C-c');
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('echo $LINES $COLUMNS')).toEqual(['20 70']);
  });

  it('goes on when Ctrl-C ends a command', async () => {
    const terminal = await openContainer(person);
    await terminal.clear();
    await terminal.enter(`bash -c 'echo ready; exec sleep 100'`);
    await terminal.shows(/^ready$/);
    await terminal.press('C-c');
    await terminal.shows(/^\^C$/);
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('echo $?; ps -e -o comm= | grep -c sleep')).toEqual(['130', '0']);
  });

  it('has jobs: Ctrl-Z suspends one, fg continues it, Ctrl-\\ ends it', async () => {
    const terminal = await openContainer(person);
    await terminal.enter(`bash -c 'echo ready; exec sleep 100'`);
    await terminal.shows(/^ready$/);
    await terminal.press('C-z');
    await terminal.shows(/Stopped +bash/);
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('jobs')).toEqual([expect.stringContaining('Stopped')]);
    await terminal.clear();
    await terminal.enter('fg');
    await terminal.shows(/^bash -c/);
    await terminal.press('C-\\');
    await terminal.shows(/^\^\\Quit/);
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('echo $?; jobs')).toEqual(['131']);
  });

  it('ends by Ctrl-D, and leaves the host’s terminal as it was', async () => {
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    await terminal.enter('minicontainer run /bin/bash');
    await terminal.prompted(containerPrompt);
    await terminal.ask('stty -echo; stty raw; stty sane');
    await terminal.clear();
    await terminal.press('C-d');
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['0']);
    expect(await terminal.modes()).toBe(before);
  });

  it('gives its exit code, and leaves the host’s terminal as it was, in modes of its own too', async () => {
    const terminal = await openTerminal(person);
    await terminal.ask('stty -ixon susp ^X');
    const before = await terminal.modes();
    await terminal.enter('minicontainer run /bin/bash');
    await terminal.prompted(containerPrompt);
    await terminal.clear();
    await terminal.enter('exit 7');
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['7']);
    expect(await terminal.modes()).toBe(before);
  });
});
