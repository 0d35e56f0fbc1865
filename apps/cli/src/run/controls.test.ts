import {expect, it} from 'vitest';
import {RunCommand} from '../commands/run.ts';
import {parseCommand} from '../program/parse.ts';
import {UsageError} from '../program/usage.ts';
import {controlOptions} from './controls.ts';

function controls(...argv: string[]) {
  const command = parseCommand(RunCommand, [...argv, '/bin/true']);
  if (command === undefined) throw new Error('it asks for help');
  return controlOptions(command);
}

it.each<[string[], object]>([
  [[], {}],
  [['--sysctl', 'a.b=c=d', '--sysctl=e='], {sysctl: {'a.b': 'c=d', e: ''}}],
  [['--domainname', 'x'], {domainname: 'x'}],
  [['--umask', '0027'], {umask: 0o27}],
  [['--umask=0'], {umask: 0}],
  [['--group-add', 'audio', '--group-add=5'], {groupAdd: ['audio', '5']}],
  [['--read-only-tmpfs'], {readOnlyTmpfs: true}],
  [['--pid', 'host', '--ipc=none', '--uts=host'], {pid: 'host', ipc: 'none', uts: 'host'}],
  [['--pid=private', '--ipc', 'shareable'], {pid: 'private', ipc: 'shareable'}],
])('%j is %j', (argv, expected) => {
  expect(controls(...argv)).toEqual(expected);
});

it.each([
  ['--sysctl', 'a', 'NAME=VALUE'],
  ['--sysctl', '=a', 'NAME=VALUE'],
  ['--umask', '8', 'octal'],
  ['--pid', 'container:x', 'private and host'],
  ['--ipc', 'other', 'shareable'],
  ['--umask', '01777', 'octal'],
  ['--umask', '', 'octal'],
])('refuses %s %j', (flag, value, words) => {
  let problem = '';
  try {
    controls(`${flag}=${value}`);
  } catch (error) {
    if (error instanceof UsageError) problem = `${error.message}; ${error.hint}`;
  }
  expect(problem).toContain(words);
});
