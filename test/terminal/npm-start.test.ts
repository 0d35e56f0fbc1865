import {homedir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {openTerminal} from './person.ts';
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
