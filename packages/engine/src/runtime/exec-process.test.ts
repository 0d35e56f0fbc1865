import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Process, Spec} from '@minicontainer/spec';
import {afterAll, describe, expect, test} from 'vitest';
import {type ExecRequest, processOf} from './exec-process.ts';

const own: Process = {
  args: ['server'],
  terminal: true,
  cwd: '/srv',
  env: ['PATH=/bin', 'A=1'],
  user: {uid: 5, gid: 6, additionalGids: [7], umask: 0o27},
  capabilities: {
    bounding: ['CAP_KILL'],
    permitted: ['CAP_KILL'],
    effective: ['CAP_KILL'],
    inheritable: ['CAP_KILL'],
    ambient: ['CAP_KILL'],
  },
  rlimits: [{type: 'RLIMIT_CORE', soft: 1, hard: 2}],
  noNewPrivileges: true,
  apparmorProfile: 'profile',
  selinuxLabel: 'label',
  oomScoreAdj: 100,
  ioPriority: {class: 'IOPRIO_CLASS_BE', priority: 4},
};
const spec: Spec = {ociVersion: '1.2.0', root: {path: '/srv/root'}, process: own};
const plain: ExecRequest = {
  args: ['id', '-u'],
  env: [],
  capabilities: [],
  additionalGids: [],
  terminal: false,
};

const scratch = mkdtempSync(join(tmpdir(), 'minicontainer-process-'));
afterAll(() => rmSync(scratch, {recursive: true}));

function fromFile(text: string): Process {
  const processFile = join(scratch, 'process.json');
  writeFileSync(processFile, text);
  return processOf(spec, {...plain, args: [], processFile});
}

describe('by flags a process', () => {
  test('is the container’s own, with another command and without its terminal', () => {
    expect(processOf(spec, plain)).toEqual({...own, args: ['id', '-u'], terminal: false});
  });

  test('is what they say', () => {
    const asked = processOf(spec, {
      ...plain,
      env: ['A=2', 'B=3'],
      user: '1000',
      cwd: '/tmp',
      additionalGids: ['8'],
      apparmorProfile: 'other',
      selinuxLabel: 'another',
      terminal: true,
    });
    expect(asked).toMatchObject({
      env: ['PATH=/bin', 'A=2', 'B=3'],
      user: {uid: 1000, gid: 6, additionalGids: [7, 8], umask: 0o27},
      cwd: '/tmp',
      apparmorProfile: 'other',
      selinuxLabel: 'another',
      terminal: true,
    });
  });

  test('gets capabilities, but none that would be inherited (CVE-2022-29162)', () => {
    const {capabilities} = processOf(spec, {...plain, capabilities: ['CAP_CHOWN', 'sys_admin']});
    const added = ['CAP_KILL', 'CAP_CHOWN', 'CAP_SYS_ADMIN'];
    expect(capabilities).toEqual({
      ...{bounding: added, permitted: added, effective: added},
      ...{inheritable: ['CAP_KILL'], ambient: ['CAP_KILL']},
    });
  });

  test.each([
    '',
    '1000:',
    ':5',
    '0x0',
    '-1',
    '+1',
    ' 1',
    '1e3',
    '1:2:3',
    'root',
    '4294967295',
    '4294967296',
    '0:4294967295',
    '99999999999',
  ])('is of no user %j', (user) => {
    expect(() => processOf(spec, {...plain, user})).toThrow(
      expect.objectContaining({code: 'EUSER'}),
    );
  });

  test.each([['-1'], ['0x1'], ['4294967295']])('is in no group %j', (gid) => {
    expect(() => processOf(spec, {...plain, additionalGids: [gid]})).toThrow(
      expect.objectContaining({code: 'EUSER'}),
    );
  });

  test('has no capability that there is not', () => {
    expect(() => processOf(spec, {...plain, capabilities: ['CAP_ALL']})).toThrow(
      expect.objectContaining({code: 'ECAPABILITY'}),
    );
  });

  test('starts in no directory whose path is relative', () => {
    expect(() => processOf(spec, {...plain, cwd: 'tmp'})).toThrow(/exec: \/process\/cwd/);
  });
});

describe('from a file a process', () => {
  test('takes what confines it from the container where it says nothing of it', () => {
    const {capabilities, rlimits, apparmorProfile, selinuxLabel, oomScoreAdj, ioPriority} = own;
    expect(fromFile('{"args":["id"],"cwd":"/","rlimits":[],"apparmorProfile":""}')).toEqual({
      ...{args: ['id'], cwd: '/', user: {uid: 0, gid: 0, umask: 0o27}},
      ...{capabilities, rlimits, apparmorProfile, selinuxLabel, oomScoreAdj, ioPriority},
    });
  });

  test('is what it says', () => {
    const asked: Process = {
      ...{args: ['id'], cwd: '/', env: ['X=1'], terminal: true, noNewPrivileges: false},
      user: {uid: 1, gid: 2, umask: 0},
      capabilities: {bounding: ['CAP_CHOWN']},
      rlimits: [{type: 'RLIMIT_CPU', soft: 9, hard: 9}],
      apparmorProfile: 'other',
      selinuxLabel: 'another',
      oomScoreAdj: 0,
      ioPriority: {class: 'IOPRIO_CLASS_IDLE', priority: 0},
    };
    expect(fromFile(JSON.stringify(asked))).toEqual(asked);
  });

  test.each(['', '[', 'null', '7'])('is none that reads %j', (text) => {
    expect(() => fromFile(text)).toThrow(expect.objectContaining({code: 'EPROCESS'}));
  });

  test.each(['{}', '{"args":[],"cwd":"/"}', '{"args":["id"]}', '{"args":["id"],"cwd":"."}'])(
    'is none that lacks a command or a directory: %s',
    (text) => {
      expect(() => fromFile(text)).toThrow(expect.objectContaining({code: 'ESPEC'}));
    },
  );
});

test('of two variables with one name the last one counts', () => {
  const {env} = processOf(spec, {...plain, env: ['A=2', 'A=3', 'PATH=/sbin']});
  expect(env).toEqual(['PATH=/sbin', 'A=3']);
});
