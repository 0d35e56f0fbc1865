import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

describeEach('the exit code', (person) => {
  it.each([0, 1, 42, 127, 255])('is the command’s own: %i', async (code) => {
    expect(await run(bash(`exit ${code}`), {as: person})).toEqual({
      status: code,
      stdout: '',
      stderr: '',
    });
  });

  it('is the command’s own with --init', async () => {
    expect(await run(['--init', ...bash('exit 42')], {as: person})).toMatchObject({status: 42});
  });

  it('is 128 and the number of the signal that ended the command', async () => {
    const script = 'import os, sys; os.kill(os.getpid(), int(sys.argv[1]))';
    for (const number of [9, 6, 11, 15]) {
      const words = ['--init', '/usr/bin/python3', '-c', script, String(number)];
      expect(await run(words, {as: person})).toMatchObject({status: 128 + number});
    }
  });

  it('is 127 when the command is not there', async () => {
    const {status, stdout, stderr} = await run(['/no/such/command'], {as: person});
    expect({status, stdout}).toEqual({status: 127, stdout: ''});
    expect(stderr).toMatch(
      /^minicontainer: \/no\/such\/command is not in the container: ENOENT\nhint: .*\n$/,
    );
  });

  it('is 126 when the command is a directory', async () => {
    const {status, stderr} = await run(['/usr/bin'], {as: person});
    expect(status).toBe(126);
    expect(stderr).toMatch(/^minicontainer: \/usr\/bin cannot be executed: EACCES\nhint: .*\n$/);
  });

  it.each([
    ['without permission', 0o644, '#!/bin/sh\n', 126, /cannot be executed: EACCES/],
    ['that is no program', 0o755, 'garbage', 126, /cannot be executed: ENOEXEC/],
    [
      'whose interpreter is missing',
      0o755,
      '#!/no/sh -x\n',
      127,
      /needs the interpreter \/no\/sh,/,
    ],
    ['from Windows', 0o755, '#!/bin/sh\r\n', 127, /needs the interpreter \/bin\/sh\\x0d,/],
  ])('tells of a command %s', async (_, mode, text, code, message) => {
    const file = join(roomOf(person).work, 'command');
    writeFileSync(file, text);
    chmodSync(file, mode);
    const {status, stdout, stderr} = await run(['-v', `${file}:/command`, '/command'], {
      as: person,
    });
    expect({status, stdout}).toEqual({status: code, stdout: ''});
    expect(stderr).toMatch(/^minicontainer: \/command .*\nhint: .*\n$/);
    expect(stderr).toMatch(message);
  });

  it('is 127 for a command that the host has and the view has not, which can be bound', async () => {
    const directory = roomOf(person).work;
    const file = join(directory, 'mine');
    writeFileSync(file, '#!/bin/sh\necho mine\n');
    chmodSync(file, 0o755);
    const {status, stderr} = await run([file], {as: person});
    expect(status).toBe(127);
    const [, flag] = /\nhint: .*-v (\S+)\n$/.exec(stderr) ?? [];
    expect(flag).toBe(`${directory}:${directory}`);
    expect(await run(['-v', String(flag), file], {as: person})).toMatchObject({stdout: 'mine\n'});
  });

  it('is 125 when the container cannot be made', async () => {
    const {status, stdout, stderr} = await run(['-u', 'no-such-user', '/bin/true'], {as: person});
    expect({status, stdout}).toEqual({status: 125, stdout: ''});
    expect(stderr).toMatch(/^minicontainer: user no-such-user is not in .*\nhint: .*\n$/);
  });

  it('says nothing of processes that the command leaves behind: they end with it', async () => {
    expect(await run(bash('sleep 100 & setsid sleep 100 & exit 3'), {as: person})).toEqual({
      status: 3,
      stdout: '',
      stderr: '',
    });
  });
});
