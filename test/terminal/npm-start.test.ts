import {homedir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {familyOf, survivors} from '../e2e/harness/family.ts';
import {someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {makeClone} from './clone.ts';
import {describeBoth, jobOf, openTerminal} from './person.ts';
import {containerPrompt, hostPrompt, type Terminal} from './tmux.ts';

const root = join(import.meta.dirname, '../..');
/** What has changed since the tests were started is built anew first. */
const patienceMs = 50_000;

/** A terminal in the clone, as the person whose clone it is. */
async function openClone(): Promise<Terminal> {
  const npm = {
    // Where the package manager keeps what it has, if something is to be built.
    HOME: homedir(),
    npm_config_cache: join(roomOf(someone).work, 'npm-cache'),
    npm_config_update_notifier: 'false',
  };
  const terminal = await openTerminal(someone, npm);
  await terminal.ask(`cd '${root}'`);
  return terminal;
}

// npm stays as parent, with signal handling of its own.
it('npm start gives a shell a terminal, Ctrl-C its command alone, and the exit code on', async () => {
  const terminal = await openClone();
  const before = await terminal.modes();
  await terminal.clear();
  await terminal.enter('npm start -s -- run /bin/bash --norc');
  await terminal.prompted(containerPrompt, patienceMs);
  expect(await terminal.ask('tty', containerPrompt)).toEqual(['/dev/pts/0']);
  await terminal.clear();
  await terminal.enter('sleep 100');
  await terminal.press('C-c');
  await terminal.prompted(containerPrompt);
  await terminal.clear();
  await terminal.enter('exit 7');
  await terminal.prompted(hostPrompt);
  expect(await terminal.ask('echo $?')).toEqual(['7']);
  expect(await terminal.modes()).toBe(before);
});

it.each(['--init', '-t=false'])(
  'Ctrl-C ends what npm start -- run %s has started',
  async (flag) => {
    const terminal = await openClone();
    const before = await terminal.modes();
    await terminal.clear();
    await terminal.enter(`npm start -s -- run ${flag} /bin/bash -c 'echo ready; exec sleep 100'`);
    await terminal.shows(/^ready$/, patienceMs);
    await terminal.press('C-c');
    await terminal.prompted(/(^|\^C)host>$/);
    expect(await terminal.modes()).toBe(before);
  },
);

describeBoth('npm start in a clone of one’s own', (person) => {
  it('opens a shell, passes its exit code on, and leaves no process', async () => {
    const clone = await makeClone(person);
    const terminal = await openTerminal(person, {
      npm_config_cache: join(roomOf(person).work, 'npm-cache'),
      npm_config_update_notifier: 'false',
    });
    await terminal.ask(`cd '${clone}'`);
    const before = await terminal.modes();
    await terminal.clear();
    await terminal.enter('npm start -s -- run /bin/bash');
    await terminal.prompted(containerPrompt);
    const family = familyOf(await jobOf(terminal));
    expect(await terminal.ask('ps -e -o comm=')).toEqual(['bash', 'ps']);
    await terminal.clear();
    await terminal.enter(`bash -c 'echo ready; exec sleep 100'`);
    await terminal.shows(/^ready$/);
    await terminal.press('C-c');
    await terminal.prompted(containerPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['130']);
    await terminal.ask('(exit 3)');
    await terminal.clear();
    await terminal.press('C-d');
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['3']);
    expect(await terminal.modes()).toBe(before);
    expect(await survivors(family.all, 0)).toEqual([]);
  });
});
