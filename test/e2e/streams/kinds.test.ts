import {closeSync, openSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run, shell} from '../harness/run.ts';
import {bash, quote, userFlags} from '../harness/words.ts';

const write = 'echo out > /dev/stdout; echo err > /dev/stderr; echo fd > /proc/self/fd/1';
const read = 'cat < /dev/stdin; cat /proc/self/fd/0';

describeEach('/dev/stdout', (person) => {
  describe.each(userFlags(person).map((flags) => [flags]))('with %j', (flags) => {
    const container = ['run', ...flags, ...bash(write)].map(quote).join(' ');

    it.each(['w', 'a'])('can be opened when it is a file opened with %s', async (mode) => {
      const file = join(roomOf(person).work, 'out');
      writeFileSync(file, 'before\n');
      const stdout = openSync(file, mode);
      try {
        const {status, stderr} = await run([...flags, ...bash(write)], {as: person, stdout});
        expect({status, stderr}).toEqual({status: 0, stderr: 'err\n'});
      } finally {
        closeSync(stdout);
      }
      expect(readFileSync(file, 'utf8')).toBe(`${mode === 'a' ? 'before\n' : ''}out\nfd\n`);
    });

    it('can be opened when it is a pipe', async () => {
      expect(await shell(`minicontainer ${container} | cat`, {as: person})).toEqual({
        status: 0,
        stdout: 'out\nfd\n',
        stderr: 'err\n',
      });
    });

    it('can be opened when it is a socket', async () => {
      expect(await run([...flags, ...bash(write)], {as: person})).toEqual({
        status: 0,
        stdout: 'out\nfd\n',
        stderr: 'err\n',
      });
    });

    it('can be opened when it is a terminal', async () => {
      const line = `script -qec ${quote(`minicontainer ${container} < /dev/null`)} /dev/null`;
      const {status, stdout} = await shell(line, {as: person});
      expect(status).toBe(0);
      expect(stdout.split('\r\n').sort()).toEqual(['', 'err', 'fd', 'out']);
    });

    it('can be opened when it and stdin are a terminal, which the container gets one for', async () => {
      const line = `script -qec ${quote(`minicontainer ${container}`)} /dev/null`;
      const {status, stdout} = await shell(line, {as: person, stdin: 'open'});
      expect({status, stdout}).toEqual({status: 0, stdout: 'out\r\nerr\r\nfd\r\n'});
    });

    it('is /dev/stdin when that is a file, a pipe or a socket', async () => {
      const command = ['run', ...flags, ...bash(read)].map(quote).join(' ');
      const lines = `
echo file > f; minicontainer ${command} < f
echo pipe | minicontainer ${command}`;
      expect(await shell(lines, {as: person})).toMatchObject({stdout: 'file\npipe\n', stderr: ''});
      const socket = {as: person, stdin: {text: 'socket\n'}} as const;
      expect(await run([...flags, ...bash(read)], socket)).toMatchObject({stdout: 'socket\n'});
    });
  });

  it('belongs to the user of the container', async () => {
    const [flags = []] = userFlags(person).slice(-1);
    const {stdout} = await run([...flags, ...bash('stat -Lc %u /proc/self/fd/{0,1,2}')], {
      as: person,
    });
    expect(stdout).toBe(`${flags[1] ?? 0}\n`.repeat(3));
  });
});
