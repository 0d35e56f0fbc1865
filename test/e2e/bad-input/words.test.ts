import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {minicontainer, run} from '../harness/run.ts';
import {expectRefused} from './refused.ts';

/** Words behind `minicontainer run`, and what is wrong with them. */
const malformed: readonly (readonly [words: string[], message: RegExp])[] = [
  [[], /no command/],
  [[''], /command is empty/],
  [['--hots', '/bin/true'], /unknown flag --hots/],
  [['-Z', '/bin/true'], /unknown flag -Z/],
  [['./x'], /\.\/x is no image/],
  [['--pull', 'never', 'no-such-image'], /no-such-image is not here/],
  [['No-Such'], /upper case|lower case/i],
  [['-v', '/x:/x'], /no command/],
  [['-v', 'x', '/bin/true'], /-v x .*colon/],
  [['-v', ':/x', '/bin/true'], /nothing before the colon/],
  [['-v', '/x:', '/bin/true'], /not an absolute path/],
  [['-v', '/x:y', '/bin/true'], /not an absolute path/],
  [['-v', '/x:/', '/bin/true'], /on the container’s \//],
  [['-v', '/x:/../', '/bin/true'], /on the container’s \//],
  [['-v', '/etc:/y:rx', '/bin/true'], /unknown option rx/],
  [['-v', '/etc:/y:ro,rw', '/bin/true'], /ro and rw contradict/],
  [['-v', '/etc:/y:ro:z', '/bin/true'], /too many colons/],
  [['-v', 'name:/y', '/bin/true'], /named volume/],
  [['-v', '/etc:/x', '-v', '/usr:/x', '/bin/true'], /two mounts on \/x/],
  [['-v', '/etc:/x', '--tmpfs', '/x/', '/bin/true'], /two mounts on \/x/],
  [['--mount', 'x', '/bin/true'], /x is not KEY=VALUE/],
  [['--mount', 'type=bind,dst=/x', '/bin/true'], /no source/],
  [['--mount', 'type=bind,src=/etc', '/bin/true'], /no target/],
  [['--mount', 'type=nfs,dst=/x', '/bin/true'], /type is bind or tmpfs/],
  [['--mount', 'type=bind,src=/no/where,dst=/x', '/bin/true'], /not there: \/no\/where/],
  [['--tmpfs', 'x', '/bin/true'], /not an absolute path/],
  [['--tmpfs', '/x:size=big', '/bin/true'], /size/],
  [['--tmpfs', '/x:evil=1', '/bin/true'], /unknown option evil=1/],
  [['-e', '', '/bin/true'], /names no variable/],
  [['-e', '=x', '/bin/true'], /names no variable/],
  [['--env-file', '/no/where', '/bin/true'], /cannot read the env file \/no\/where/],
  [['--env-file', '/usr', '/bin/true'], /cannot read the env file \/usr/],
  [['-w', 'relative', '/bin/true'], /-w relative is not an absolute path/],
  [['-w', '', '/bin/pwd'], /-w '' is not an absolute path/],
  [['-u', '1:2:3', '/bin/true'], /"1:2:3" is not a user/],
  [['--hostname', 'x'.repeat(65), '/bin/true'], /hostname has 65 bytes/],
  [['--network', 'bridge', '/bin/true'], /--network bridge is not known/],
  [['--userns', 'private', '/bin/true'], /--userns private is not known/],
  [['--userns', 'ns:/proc/1/ns/user', '/bin/true'], /joining a user namespace/],
  [['--uidmap', '0:1', '--userns', 'auto', '/bin/true'], /contradict/],
  [
    ['--uidmap', '0:0:10', '--uidmap', '5:10:1', '/bin/true'],
    /id 5 of the container is mapped twice/,
  ],
  [['--uidmap', '0:0:0', '/bin/true'], /0:0:0 maps no user id/],
  [['--gidmap', '0:4294967295:1', '/bin/true'], /maps (user|group) ids that there are not/],
  [['--userns', 'auto:size=0', '/bin/true'], /there are 1 to \d+ ids/],
  [['--userns', 'auto:size=9999999', '/bin/true'], /there are 1 to \d+ ids/],
  [['--subuidname', 'nobody-has-this', '/bin/true'], /nobody-has-this/],
  [['--cap-add', 'NO_SUCH', '/bin/true'], /NO_SUCH/],
  [['--cap-add', '', '/bin/true'], /names no capability/],
  [['--rm=maybe', '/bin/true'], /--rm/],
  [['--hostname'], /--hostname/],
  [['-i=false', '/bin/true'], /stdin is always attached/],
  // Flags that contradict each other.
  [['--network', 'none', '--network', 'host', '/bin/true'], /contradict/],
  [['--userns', 'auto', '--userns', 'host', '/bin/true'], /contradict/],
  [['--cap-add', 'KILL', '--cap-drop', 'cap_kill', '/bin/true'], /contradict/],
  [['--rootfs', '/usr', '--rootfs', '/etc', '/bin/true'], /--rootfs is given twice/],
];

// Whoever types it.
describe('bad input', () => {
  it.each(malformed)('run %j is refused in one line', async (words, message) => {
    expectRefused(await run(words), message);
  });

  it.each([
    [['rnu', '/bin/true'], /unknown command rnu/],
    [['/bin/true'], /unknown command \/bin\/true/],
    [['--rm'], /unknown flag --rm/],
    [['ps'], /unknown command ps/],
  ])('%j is refused in one line', async (words: string[], message: RegExp) => {
    expectRefused(await minicontainer(words), message);
  });
});

describeEach('bad input', (person) => {
  it.each([
    ['export A=b', /white space in the variable name/],
    ['=b', /no variable name/],
    ['A=\u00ff\ufffd', /./],
  ])('an env file with %j is refused with its line', async (line, message) => {
    const file = join(roomOf(person).work, 'variables');
    const text = Buffer.concat([Buffer.from('OK=1\n'), Buffer.from(`${line}\n`, 'latin1')]);
    writeFileSync(file, text);
    expectRefused(await run(['--env-file', file, '/bin/true'], {as: person}), message);
  });

  it('that holds line breaks and escapes is shown in one line', async () => {
    const name = '/a\nb\u001b[31mc';
    const result = await run([name], {as: person});
    expectRefused(result, /\/a\\nb\\x1b\[31mc is not in the container/, 127);
  });

  it('that is very long is refused, or passed on', async () => {
    expectRefused(await run([`/${'x'.repeat(5000)}`], {as: person}), /ENAMETOOLONG/, 126);
    const long = 'y'.repeat(100_000);
    const {stdout} = await run(['-e', `LONG=${long}`, '/usr/bin/printenv', 'LONG'], {as: person});
    expect(stdout).toBe(`${long}\n`);
    const many = Array.from({length: 2000}, (_, index) => `word${index}`);
    expect(await run(['/bin/echo', ...many], {as: person})).toMatchObject({
      stdout: `${many.join(' ')}\n`,
    });
  });
});
