import {describe, expect, test} from 'vitest';
import {describeOperation, explainPlan, planToJson} from './explain.ts';
import {operations} from './operations.ts';
import {type Operation, operation, type Plan} from './plan.ts';

const plan: Plan = {
  seal: true,
  operations: [
    operation('clone', 'cloneKeeper', {flags: 0x30000000n}, 'nobody outside'),
    operation('build', 'maskPath', {root: 'root', path: 'proc/kcore', empty: 'empty'}, 'secret', {
      optional: ['ENOENT', 'ENOTDIR'],
    }),
    operation('build', 'setXattr', {at: 'rw', name: 'user.x', value: 'y'}, 'asks whether it can', {
      optional: ['ENOTSUP'],
      else: 2,
    }),
    operation('exec', 'execute', {argv: ['sh', '-c', 'a b'], env: [], search: ''}, 'the command'),
  ],
};

test('a person reads every operation in its stage, with reason and man page', () => {
  expect(explainPlan(plan)).toBe(
    [
      'clone (supervisor)',
      '   0  cloneKeeper flags=CLONE_NEWUSER|CLONE_NEWPID',
      '      nobody outside  [clone3(2)]',
      '',
      'build (container)',
      '   1  maskPath root=root path=proc/kcore empty=empty',
      '      secret  [open_tree(2)]  (ENOENT, ENOTDIR: is passed over)',
      '   2  setXattr at=rw name=user.x value=y',
      '      asks whether it can  [setxattr(2)]  (ENOTSUP: runs the next 2)',
      '',
      'exec (container)',
      '   3  execute argv=[sh -c "a b"]',
      '      the command  [execve(2)]',
      '',
    ].join('\n'),
  );
});

test('a program reads the same as JSON', () => {
  const json = JSON.parse(JSON.stringify(planToJson(plan)));
  expect(json).toMatchObject({
    seal: true,
    operations: [
      {
        index: 0,
        stage: 'clone',
        process: 'supervisor',
        op: 'cloneKeeper',
        does: operations.cloneKeeper.does,
        why: 'nobody outside',
        man: 'clone3(2)',
        syscalls: ['clone3'],
        args: {flags: '0x30000000'},
        optional: [],
        else: 0,
      },
      {index: 1, optional: ['ENOENT', 'ENOTDIR'], else: 0},
      {index: 2, optional: ['ENOTSUP'], else: 2},
      {index: 3, args: {argv: ['sh', '-c', 'a b'], env: [], search: ''}},
    ],
  });
});

describe('arguments are in the words of their man page', () => {
  const attributes = {mount: 'm', set: 0n, clear: 0n, propagation: 0n, recursive: false};
  test.each<[string, Operation]>([
    ['unshare flags=CLONE_NEWCGROUP', operation('build', 'unshare', {flags: 0x02000000n}, '')],
    [
      'setPropagation flags=MS_SLAVE|MS_REC',
      operation('build', 'setPropagation', {flags: (1n << 19n) | (1n << 14n)}, ''),
    ],
    [
      'mountAttributes mount=m set=ro|nosuid clear=nodev recursive=true',
      operation(
        'build',
        'mountAttributes',
        {...attributes, set: 3n, clear: 4n, recursive: true},
        '',
      ),
    ],
    [
      'mountAttributes mount=m set=0x40000000',
      operation('build', 'mountAttributes', {...attributes, set: 0x40000000n}, ''),
    ],
    [
      'openTree path=/dev/null device=1:3 to=n',
      operation(
        'build',
        'openTree',
        {root: undefined, path: '/dev/null', recursive: false, device: 259n, to: 'n'},
        '',
      ),
    ],
    [
      'makeDirectory root=r path=tmp mode=01777',
      operation('build', 'makeDirectory', {root: 'r', path: 'tmp', mode: 0o1777}, ''),
    ],
    [
      'setRlimit resource=RLIMIT_CORE soft=0 hard=unlimited',
      operation('attach', 'setRlimit', {resource: 4, soft: 0n, hard: 2n ** 64n - 1n}, ''),
    ],
    [
      'dropBounding keep=CAP_CHOWN|CAP_KILL',
      operation('confine', 'dropBounding', {keep: 0b100001n}, ''),
    ],
    [
      'setHostname name="a\\nb\\u001b"',
      operation('enter', 'setHostname', {name: 'a\nb\u001b'}, ''),
    ],
  ])('%s', (text, some) => {
    expect(describeOperation(some)).toBe(text);
  });
});
