import {createHash, randomBytes} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {roomOf} from '../e2e/harness/room.ts';
import {shell} from '../e2e/harness/run.ts';
import {describeBoth, openContainer, openTerminal} from './person.ts';
import {containerPrompt} from './tmux.ts';

const pastedBytes = 65_536;
const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest('hex');

describeBoth('through a terminal', (person) => {
  it('all of a long output arrives, in order', async () => {
    const line = `script -qec 'minicontainer run /bin/seq 100000' /dev/null`;
    const {status, stdout} = await shell(line, {as: person, stdin: 'open'});
    const expected = Array.from({length: 100_000}, (_, index) => `${index + 1}\r\n`).join('');
    expect({status, lines: stdout.split('\n').length - 1}).toEqual({status: 0, lines: 100_000});
    expect(md5(stdout)).toBe(md5(expected));
  });

  it('what a command prints last arrives, however quickly it ends', async () => {
    const line = `script -qec 'for n in 1 2 3 4 5; do minicontainer run /bin/seq 2000; done' /dev/null`;
    const {stdout} = await shell(line, {as: person, stdin: 'open'});
    expect(stdout.split('2000\r\n')).toHaveLength(6);
  });

  it('a file that stdout goes to gets no carriage returns, and bytes as they are', async () => {
    const terminal = await openTerminal(person);
    const script = String.raw`seq 3; printf "\x00\xff\r\n\x04"`;
    expect(await terminal.ask(`minicontainer run /bin/bash -c '${script}' > out`)).toEqual([]);
    expect(readFileSync(join(roomOf(person).work, 'out'), 'latin1')).toBe(
      '1\n2\n3\n\x00\xff\r\n\x04',
    );
  });

  it('a long text can be pasted', async () => {
    const text = randomBytes(pastedBytes).toString('base64').replace(/.{76}/g, '$&\n');
    const file = join(roomOf(person).work, 'pasted');
    writeFileSync(file, `${text.slice(0, pastedBytes)}\n`);
    const terminal = await openContainer(person);
    await terminal.ask('stty -echo');
    await terminal.enter('cat > /tmp/x; stty echo');
    await terminal.paste(file);
    await terminal.press('C-d');
    await terminal.prompted(containerPrompt);
    const [sum] = await terminal.ask('md5sum < /tmp/x');
    expect(sum).toBe(`${md5(readFileSync(file))}  -`);
  });

  it('any bytes can be pasted into a command that reads them raw', async () => {
    const file = join(roomOf(person).work, 'pasted');
    writeFileSync(file, randomBytes(pastedBytes));
    const terminal = await openContainer(person);
    await terminal.clear();
    const read = `head -c ${pastedBytes} | md5sum`;
    await terminal.enter(`stty raw -echo; echo ready; ${read}; stty sane`);
    await terminal.shows(/^\s*ready$/);
    await terminal.paste(file);
    await terminal.shows(new RegExp(`${md5(readFileSync(file))}  -`));
  });
});
