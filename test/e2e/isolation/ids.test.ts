import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeEach, describeRoot, type Person, people} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {binPath, environmentOf, launch, run} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

const ids = bash('echo $(id -u) $(id -g) $(id -G)');

function subordinate(file: string, {name, uid}: Person): string[] {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name}:`) || text.startsWith(`${uid}:`));
  return line?.split(':').slice(1) ?? [];
}

describeEach('the ids of a container', (person) => {
  it('are mapped as its user has them', async () => {
    const {stdout} = await run(bash('cat /proc/self/uid_map; echo; cat /proc/self/gid_map'), {
      as: person,
    });
    const [users, groups] = stdout.split('\n\n').map((map) =>
      map
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/)),
    );
    if (person.ids === 'shifted') {
      expect(users).toEqual([['0', expect.stringMatching(/^\d{8,}$/), '65536']]);
      expect(groups).toEqual(users);
      return;
    }
    const more = (file: string) =>
      person.ids === 'single' ? [] : [['1', ...subordinate(file, person)]];
    expect(users).toEqual([['0', String(person.uid), '1'], ...more('/etc/subuid')]);
    expect(groups).toEqual([['0', String(person.gid), '1'], ...more('/etc/subgid')]);
  });

  it('are root’s unless said, without any group of the host', async () => {
    expect(await run(ids, {as: person})).toMatchObject({stdout: '0 0 0\n'});
  });

  it('may not change groups under a map of one id (setgroups)', async () => {
    const script = `cat /proc/self/setgroups; setpriv --groups 5 true 2>&1`;
    const {stdout} = await run(bash(script), {as: person});
    expect(stdout.trim()).toMatch(person.ids === 'single' ? /^deny\n.*not permitted/ : /^allow$/);
  });

  const users: [string, string][] = [
    ['nobody', '65534 65534 65534'],
    ['33', '33 33 33'],
    ['www-data', '33 33 33'],
    ['www-data:nogroup', '33 65534 65534'],
    ['33:5', '33 5 5'],
    ['12345', '12345 0 0'],
    ['12345:54321', '12345 54321 54321'],
    ['0', '0 0 0'],
    ['root', '0 0 0'],
    ['0:5', '0 5 5'],
  ];
  // With one id there is nobody but root.
  const several = person.ids === 'single' ? [] : ['with -u'];
  describe.each(several)('%s', () => {
    it.each(users)('%s are %s', async (user, expected) => {
      expect(await run(['-u', user, ...ids], {as: person})).toEqual({
        status: 0,
        stdout: `${expected}\n`,
        stderr: '',
      });
    });

    it('come with the groups that the container’s own files name', async () => {
      const group = join(roomOf(person).work, 'group');
      writeFileSync(
        group,
        'root:x:0:\nwww-data:x:33:\nfriends:x:777:nobody,www-data\nothers:x:778:x\n',
      );
      const words = ['-v', `${group}:/etc/group:ro`, '-u'];
      expect(await run([...words, 'www-data', ...ids], {as: person})).toMatchObject({
        stdout: '33 33 33 777\n',
      });
      // A group that is asked for is the only one.
      expect(await run([...words, 'www-data:www-data', ...ids], {as: person})).toMatchObject({
        stdout: '33 33 33\n',
      });
    });

    it('are the number, whatever a passwd file says that its name is', async () => {
      const passwd = join(roomOf(person).work, 'passwd');
      writeFileSync(
        passwd,
        '1000:x:0:0::/:/bin/sh\n01000:x:0:0::/:/bin/sh\nroot:x:0:0::/:/bin/sh\n',
      );
      const words = ['-v', `${passwd}:/etc/passwd:ro`, '-u', '1000', ...ids];
      expect(await run(words, {as: person})).toMatchObject({stdout: '1000 0 0\n'});
    });

    it('own the home that the container starts in', async () => {
      const words = ['-u', 'www-data', ...bash('echo $HOME; pwd; touch "$HOME/file"')];
      const {stdout} = await run(words, {as: person});
      expect(stdout).toMatch(/^(\/\S+)\n\1\n$/);
    });
  });

  it.each([
    '1000:',
    ':5',
    '',
    '0x0',
    '1e3',
    '-1',
    '4294967295',
    '4294967296',
    '1:2:3',
    ' 0',
    '0 ',
    '+0',
    'no such',
    'a/b',
    'root:',
    'root:x:',
  ])('are refused, or exact, with -u %j', async (user) => {
    const {status, stdout, stderr} = await run([`--user=${user}`, ...ids], {as: person});
    if (user === '') {
      expect({status, stdout}).toEqual({status: 0, stdout: '0 0 0\n'});
      return;
    }
    expect({status, stdout}).toEqual({status: 125, stdout: ''});
    expect(stderr).toMatch(/^minicontainer: .*\nhint: .*\n$/);
  });

  it('that are not mapped are refused by name', async () => {
    const {status, stderr} = await run(['-u', '3000000', ...ids], {as: person});
    expect(status).toBe(125);
    expect(stderr).toMatch(/^minicontainer: user 3000000(:0)? is not among .*: EINVAL\nhint: /);
  });
});

describeRoot('the groups of the caller', () => {
  it.each(people.filter(({exists}) => exists))(
    'are not those of the container, as $name',
    async (person) => {
      const caller = [`--reuid=${person.uid}`, `--regid=${person.gid}`, '--groups=4,27,42'];
      const {result} = launch('setpriv', [...caller, binPath(), 'run', ...ids], {
        env: environmentOf(person),
        cwd: roomOf(person).work,
      });
      // Under a map of one id the kernel lets nobody drop groups: there they stay, as nobody's.
      expect(await result).toMatchObject({
        stdout: person.ids === 'single' ? '0 0 0 65534\n' : '0 0 0\n',
      });
    },
  );
});
