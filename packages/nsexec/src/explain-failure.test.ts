import {constants} from 'node:os';
import {type ErrnoName, type Operation, operation, type Plan} from '@minicontainer/plan';
import {describe, expect, test} from 'vitest';
import {explainFailure, OperationError} from './explain-failure.ts';

const execute = operation(
  'exec',
  'execute',
  {argv: ['prog', '-x'], env: [], search: '/bin'},
  'the command',
);
const attach = operation(
  'build',
  'attachMount',
  {mount: 'm', root: 'root', target: 'srv/data', file: false, create: true, follow: true},
  'the spec asks for it',
);
const resolve = operation('enter', 'resolveUser', {user: 'www', group: ''}, 'files are its own');
const clone = operation('clone', 'cloneKeeper', {flags: 0n}, 'nobody outside');
const map = operation('attach', 'runMapper', {argv: ['/bin/newuidmap', '$keeper']}, 'more ids');
const write = operation('attach', 'writeProcess', {file: 'uid_map', data: '0 1 1\n'}, 'ids');
const tree = operation(
  'build',
  'openTree',
  {root: undefined, path: '/data', recursive: true, device: 0n, to: 'm'},
  '/data of the host',
);
const directory = operation('confine', 'changeDirectory', {path: '/w'}, 'as the user');
const user = operation('confine', 'setUser', {setgroups: true}, 'no longer root');
const shift = operation(
  'attach',
  'idmapMount',
  {mount: 'm', namespace: undefined, recursive: false},
  'owners shift',
);
const layers = operation(
  'build',
  'mountLayers',
  {directory: 'layers', lowers: ['a/fs'], options: [], flags: 4n, to: 'root'},
  "the image's layers",
);
const shiftLayers = operation(
  'attach',
  'idmapMount',
  {mount: 'shifted', namespace: undefined, recursive: false},
  "the image's layers",
);
const give = operation('prepare', 'changeOwners', {path: '/data', uid: 1, gid: 1}, 'U');
const file = operation(
  'build',
  'writeFile',
  {root: 'rw', path: 'etc/hosts', mode: 0o644, data: '', create: true},
  'its own',
);
const attribute = operation(
  'build',
  'setXattr',
  {at: 'rw', name: 'user.x', value: 'y'},
  'asks whether it can',
);

function explain(failed: Operation, errno: ErrnoName, detail = ''): OperationError {
  const plan: Plan = {operations: [failed], seal: false};
  return explainFailure(plan, {index: 0, errno: constants.errno[errno], detail});
}

interface Expected {
  readonly code: string;
  readonly exitCode?: number;
  readonly message: string | RegExp;
  readonly hint?: RegExp;
}

const table: [Operation, ErrnoName, string, Expected][] = [
  // 127 is for what is not there, 126 for what is and cannot be executed, as in a shell.
  [execute, 'ENOENT', 'prog', {code: 'ENOEXECUTABLE', exitCode: 127, message: /^prog is not in/}],
  [execute, 'ENOTDIR', 'prog', {code: 'ENOEXECUTABLE', exitCode: 127, message: /^prog is not in/}],
  [
    execute,
    'EACCES',
    '/bin/prog',
    {code: 'ENOEXECUTABLE', exitCode: 126, message: /^prog cannot/, hint: /execute permission/},
  ],
  [
    execute,
    'ENOEXEC',
    '/bin/prog',
    {code: 'ENOEXECUTABLE', exitCode: 126, message: /ENOEXEC/, hint: /no program for this machine/},
  ],
  [
    execute,
    'ENOENT',
    'interpreter /bin/python9',
    {
      code: 'ENOEXECUTABLE',
      exitCode: 127,
      message: 'prog needs the interpreter /bin/python9, which is not in the container: ENOENT',
      hint: /install it/,
    },
  ],
  [
    execute,
    'ENOENT',
    'interpreter /bin/sh\r',
    {code: 'ENOEXECUTABLE', exitCode: 127, message: /interpreter/, hint: /carriage return/},
  ],
  [
    execute,
    'ENOENT',
    'interpreter ',
    {code: 'ENOEXECUTABLE', exitCode: 127, message: /\(unknown\)/},
  ],
  [
    resolve,
    'ENOENT',
    'user www',
    {code: 'EUSER', message: /^user www .*\/etc\/passwd$/, hint: /-u/},
  ],
  [resolve, 'ENOENT', 'group web', {code: 'EUSER', message: /^group web .*\/etc\/group$/}],
  [user, 'EINVAL', 'uid 70000', {code: 'EUSER', message: /^uid 70000 .*EINVAL/, hint: /subuid/}],
  [
    attribute,
    'ENOTSUP',
    '',
    {
      code: 'ESTATE',
      message: /^the file system of the state .*ENOTSUP/,
      hint: /MINICONTAINER_ROOT/,
    },
  ],
  [directory, 'ENOENT', '/w', {code: 'EWORKDIR', message: /^the working.* \/w /, hint: /-v/}],
  [directory, 'EACCES', '/w', {code: 'EWORKDIR', message: /EACCES/, hint: /as the user/}],
  [clone, 'EPERM', '', {code: 'EUSERNS', message: /no new user namespace: EPERM/, hint: /doctor/}],
  [clone, 'ENOSPC', '', {code: 'EUSERNS', message: /the limit is reached/, hint: /doctor/}],
  [write, 'EPERM', '', {code: 'EUSERNS', message: /uid_map: EPERM/, hint: /doctor/}],
  [write, 'EINVAL', '', {code: 'EOPERATION', message: /uid_map: EINVAL/}],
  [map, 'EPERM', 'status 1', {code: 'EIDMAP', message: /newuidmap refused/, hint: /uidmap/}],
  [layers, 'EINVAL', '', {code: 'ESTATE', message: /EINVAL/, hint: /MINICONTAINER_ROOT/}],
  [shiftLayers, 'EINVAL', '', {code: 'ESTATE', message: /EINVAL/, hint: /MINICONTAINER_ROOT/}],
  [shift, 'EINVAL', '', {code: 'EIDMAP', message: /shift/, hint: /--userns host/}],
  [tree, 'ENOENT', '', {code: 'EMOUNT', message: /: \/data: ENOENT/, hint: /exist on the host/}],
  [tree, 'EACCES', '', {code: 'EMOUNT', message: /: \/data: EACCES .*; it is/, hint: /chmod/}],
  [tree, 'EPERM', '', {code: 'EOPERATION', message: /: \/data: EPERM .*; it is there because/}],
  [shift, 'EPERM', '', {code: 'EIDMAP', message: /shift/, hint: /only root of the host.* U, /}],
  [give, 'EPERM', 'file', {code: 'EOWNER', message: /: file: EPERM/, hint: /yours/}],
  [give, 'ELOOP', '', {code: 'EOWNER', message: /^\/data has become a link: ELOOP$/}],
  [attach, 'ELOOP', '', {code: 'EMOUNT', message: /^\/srv\/data is a symbolic link/}],
  [attach, 'EROFS', '', {code: 'EMOUNT', message: /srv\/data: EROFS/, hint: /no \/srv\/data/}],
  [attach, 'ENOTDIR', '', {code: 'EMOUNT', message: /ENOTDIR/, hint: /file on a file/}],
  [file, 'ENOSPC', '', {code: 'ENOSPC', message: /etc\/hosts: ENOSPC/, hint: /no space/}],
  [attach, 'ENOSPC', '', {code: 'ENOSPC', message: /ENOSPC/, hint: /no space/}],
];

describe('a failed operation becomes an error', () => {
  test.each(table.map(([failed, errno, detail, expected]) => ({failed, errno, detail, expected})))(
    '$failed.op $errno $detail',
    ({failed, errno, detail, expected}) => {
      const error = explain(failed, errno, detail);
      expect(error).toBeInstanceOf(OperationError);
      expect(error).toMatchObject({
        code: expected.code,
        exitCode: expected.exitCode ?? 125,
        operation: failed.op,
        errno: constants.errno[errno],
        errnoName: errno,
      });
      expect(error.message).toMatch(expected.message);
      if (expected.hint !== undefined) expect(error.hint).toMatch(expected.hint);
    },
  );

  test('that says what was tried, on what, why it is there, and what the kernel said', () => {
    const error = explain(file, 'EIO');
    expect(error.message).toBe(
      'cannot write a file: etc/hosts: EIO (i/o error); it is there because: its own',
    );
    expect(error.target).toBe('etc/hosts');
    expect(error.hint).toBeUndefined();
  });

  test('names a path in a mount whole', () => {
    const args = {root: '/proc', path: 'kcore', empty: 'empty'};
    const error = explain(operation('build', 'maskPath', args, 'it tells'), 'EIO');
    expect(error.target).toBe('/proc/kcore');
  });

  test('that names what the kernel named, rather than what was asked for', () => {
    const mount = operation(
      'build',
      'createMount',
      {
        type: 'tmpfs',
        source: 't',
        options: ['sizee=1'],
        attributes: 0n,
        directory: undefined,
        to: 'm',
      },
      'asked for',
    );
    const error = explain(mount, 'EINVAL', "tmpfs: Unknown parameter 'sizee'");
    expect(error.message).toContain("Unknown parameter 'sizee'");
  });
});

describe('a failure outside of any operation', () => {
  test('points to versions that do not fit', () => {
    const plan: Plan = {operations: [execute], seal: false};
    for (const error of [
      explainFailure(plan, {index: 1, errno: constants.errno.EPROTO, detail: ''}),
      explainFailure(undefined, {index: 0, errno: constants.errno.EPROTO, detail: ''}),
    ]) {
      expect(error).toMatchObject({operation: 'start', exitCode: 125, errnoName: 'EPROTO'});
      expect(error.hint).toContain('one version');
    }
  });

  test.each([
    [8, 'ENOEXEC'],
    [87, 'EUSERS'],
    [122, 'EDQUOT'],
    [28, 'ENOSPC'],
  ])('names errno %i as the kernel does: %s', (errno, name) => {
    expect(explainFailure(undefined, {index: 0, errno, detail: ''}).errnoName).toBe(name);
  });

  test('has a number where the kernel’s has no name', () => {
    expect(explainFailure(undefined, {index: 0, errno: 9999, detail: ''}).errnoName).toBe(
      'errno 9999',
    );
  });
});
