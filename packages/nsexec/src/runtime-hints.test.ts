import {constants} from 'node:os';
import {type ErrnoName, type Operation, operation} from '@minicontainer/plan';
import {describe, expect, test} from 'vitest';
import {explainFailure, type OperationError} from './explain-failure.ts';

function find(name: string): Operation {
  return operation('confine', 'findCommand', {argv: [name, '-x'], search: '/bin'}, 'told early');
}

function execute(name: string): Operation {
  return operation('exec', 'execute', {argv: [name], env: [], search: '/bin'}, 'the command');
}

const enter = operation(
  'build',
  'enterProcess',
  {process: 'process', namespaces: 0n},
  'what it sees',
);
const open = operation(
  'prepare',
  'openProcess',
  {pid: 7, startTime: 9n, to: 'process'},
  'nobody else',
);
const directory = operation('confine', 'changeDirectory', {path: '/w'}, 'as the user');
const terminal = operation(
  'ending',
  'sendTerminal',
  {socket: '/s', rows: 0, columns: 0},
  'reads it',
);
const cgroup = operation('prepare', 'openDirectory', {path: '/c/a', to: 'cgroup'}, 'its limits');

/** In a plan for another engine: one that looks for the command. */
function explain(failed: Operation, errno: ErrnoName, detail = ''): OperationError {
  const plan = {operations: [failed, find('sh')], seal: false};
  return explainFailure(plan, {index: 0, errno: constants.errno[errno], detail});
}

describe('an engine is told', () => {
  test.each<[string, Operation, ErrnoName, string, string]>([
    [
      'that a command is nowhere in PATH',
      find('no'),
      'ENOENT',
      'no',
      'exec: "no": executable file not found in $PATH',
    ],
    [
      'the same when it has gone since',
      execute('no'),
      'ENOENT',
      'no',
      'exec: "no": executable file not found in $PATH',
    ],
    [
      'that a file is missing',
      find('/no'),
      'ENOENT',
      '/no',
      'exec: "/no": no such file or directory',
    ],
    [
      'that it may not be executed',
      find('/etc'),
      'EACCES',
      '/etc',
      'exec: "/etc": permission denied',
    ],
    [
      'that its path leads through a file',
      find('/f/g'),
      'ENOTDIR',
      '/f/g',
      'exec: "/f/g": not a directory',
    ],
    [
      'that it is no program',
      execute('/etc/hosts'),
      'ENOEXEC',
      '/etc/hosts',
      'exec: "/etc/hosts": exec format error',
    ],
    [
      'which interpreter a script lacks',
      execute('/s'),
      'ENOENT',
      'interpreter /bin/x',
      'exec: "/s": no such file or directory: it needs the interpreter /bin/x',
    ],
    [
      'that there is no such directory',
      directory,
      'ENOENT',
      '/w',
      'the working directory /w cannot be used: no such file or directory',
    ],
    [
      'that the user is not let into it',
      directory,
      'EACCES',
      '/w',
      'the working directory /w cannot be used: permission denied',
    ],
    [
      'that the first process has ended',
      open,
      'ESRCH',
      '',
      'container not running: its first process has ended',
    ],
    [
      'that it ended while it was joined',
      enter,
      'ESRCH',
      '',
      'container not running: its first process has ended',
    ],
    [
      'that it is not its to enter',
      enter,
      'EPERM',
      '',
      'the namespaces of the container cannot be entered: operation not permitted',
    ],
    [
      'that nobody takes its terminal',
      terminal,
      'ECONNREFUSED',
      '',
      'the console socket /s cannot be reached: ECONNREFUSED',
    ],
    [
      'that a cgroup is not there',
      cgroup,
      'ENOENT',
      '',
      'the cgroup /c/a cannot be used: no such file or directory',
    ],
  ])('%s', (_, failed, errno, detail, message) => {
    expect(explain(failed, errno, detail).message).toBe(message);
  });

  test('nothing of flags that it has not', () => {
    const hints = [explain(find('no'), 'ENOENT'), explain(directory, 'ENOENT', '/w')];
    for (const {hint} of hints) expect(hint).toMatch(/process\.(env|cwd)/);
  });
});

test('a person is told of a missing command as before', () => {
  const plan = {operations: [execute('no')], seal: false};
  const failure = explainFailure(plan, {index: 0, errno: constants.errno.ENOENT, detail: 'no'});
  expect(failure).toMatchObject({message: 'no is not in the container: ENOENT', exitCode: 127});
});
