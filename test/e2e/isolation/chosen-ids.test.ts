import {existsSync, mkdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {expectRefused} from '../bad-input/refused.ts';
import {describeEach, describeRoot, type Person, people} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run} from '../harness/run.ts';
import {describeSystem, give, makeSystem, plant} from '../harness/system.ts';
import {bash, lines} from '../harness/words.ts';

/** Lines of a map, `container host size`. */
async function mapsOf(person: Person, ...flags: string[]) {
  const script = 'cat /proc/self/uid_map; echo; cat /proc/self/gid_map';
  const {stdout, stderr, status} = await run([...flags, ...bash(script)], {as: person});
  expect(status, stderr).toBe(0);
  const [users = '', groups = ''] = stdout.split('\n\n');
  const plain = (map: string) => lines(map).map((line) => line.trim().replace(/\s+/g, ' '));
  return {users: plain(users), groups: plain(groups)};
}

/** The first id that a file gives to a person. */
function subordinate(file: string, {name, uid}: Person): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name}:`) || text.startsWith(`${uid}:`));
  return Number(line?.split(':')[1]);
}

/** A directory of a person's own, to bind. */
function makeOwn(person: Person): string {
  const own = join(roomOf(person).work, 'own');
  mkdirSync(own);
  give(own, person);
  return own;
}

const plain = people.filter(({ids}) => ids !== 'shifted');

describe.each(plain)('--userns keep-id, as $name', (person) => {
  it.skipIf(!person.exists)('is the caller inside as outside, at home', async () => {
    const own = makeOwn(person);
    const script = 'id -u; id -g; echo $HOME; pwd; touch /own/file ~/file && stat -c %u /own/file';
    const words = ['--userns', 'keep-id', '-v', `${own}:/own`, ...bash(script)];
    const {status, stdout, stderr} = await run(words, {as: person});
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    const [uid, gid, home, directory, owner] = lines(stdout);
    expect({uid, gid, owner}).toEqual({
      uid: String(person.uid),
      gid: String(person.gid),
      owner: String(person.uid),
    });
    expect(directory).toBe(home);
    expect(statSync(join(own, 'file')).uid).toBe(person.uid);
  });

  it.skipIf(!person.exists)('is whom it says', async () => {
    const own = makeOwn(person);
    const mode = 'keep-id:uid=11,gid=12';
    const script = 'id -u; id -g; touch /own/file && stat -c %u:%g /own/file';
    const words = ['--userns', mode, '-v', `${own}:/own`, ...bash(script)];
    expect(await run(words, {as: person})).toEqual({
      status: 0,
      stdout: '11\n12\n11:12\n',
      stderr: '',
    });
    expect(statSync(join(own, 'file'))).toMatchObject({uid: person.uid, gid: person.gid});
  });

  it.skipIf(!person.exists)('runs what a directory has, whose it is', async () => {
    const words = ['--userns', 'keep-id', '--rootfs', makeSystem(person), '/bin/sh', '-c'];
    const script = 'id -u; stat -c %u /bin/busybox; touch /tmp/x && stat -c %u /tmp/x';
    const id = String(person.uid);
    expect(await run([...words, script], {as: person})).toEqual({
      status: 0,
      stdout: `${id}\n${id}\n${id}\n`,
      stderr: '',
    });
  });

  it.skipIf(!person.exists)('has a name and a home where nobody knew the number', async () => {
    const system = makeSystem(person);
    const before = describeSystem(system);
    const script = 'id -un; id -gn; echo $HOME; wc -l < /etc/passwd';
    const words = ['--userns', 'keep-id', '--rootfs', system, '/bin/sh', '-c', script];
    expect(await run(words, {as: person})).toEqual({
      status: 0,
      stdout: `${person.name}\n${person.name}\n/\n3\n`,
      stderr: '',
    });
    expect(describeSystem(system)).toEqual(before);
    const mode = 'keep-id:uid=4321,gid=4322';
    const view = ['--userns', mode, ...bash('id -un; id -gn; echo $HOME; pwd')];
    expect(await run(view, {as: person})).toEqual({
      status: 0,
      stdout: `${person.name}\n${person.name}\n/home/${person.name}\n/home/${person.name}\n`,
      stderr: '',
    });
  });

  it.skipIf(!person.exists)(
    'gets no line of a file that a link of the image leads to',
    async () => {
      const system = makeSystem(person);
      plant(system, 'etc/passwd', '/etc/shadow', person);
      const words = ['--userns', 'keep-id', '--rootfs', system, '/bin/cat', '/etc/passwd'];
      const {stdout} = await run(words, {as: person});
      expect(stdout).toBe('');
    },
  );

  it.skipIf(!person.exists)('is another with -u, where there is another', async () => {
    const result = await run(['--userns', 'keep-id', '-u', '0', ...bash('id -u')], {as: person});
    if (person.ids === 'single') expectRefused(result, /user 0(:0)? is not among the ids/);
    else expect(result).toMatchObject({status: 0, stdout: '0\n'});
  });
});

describe.each(plain)('ids of a plain user, as $name', (person) => {
  it.skipIf(!person.exists)('with nomap do not include its own', async () => {
    const own = makeOwn(person);
    const script = 'stat -c %u /own; touch /own/file 2>&1; touch /usr/file && echo done';
    const words = ['--userns', 'nomap', '-v', `${own}:/own`, ...bash(script)];
    const result = await run(words, {as: person});
    if (person.ids === 'single') {
      expectRefused(result, /you have no id but your own/);
      return;
    }
    expect(result.stdout).toMatch(/^65534\ntouch: .*denied\n/);
    expect(existsSync(join(own, 'file'))).toBe(false);
  });

  it.skipIf(!person.exists)('are counted from its own with --uidmap and --gidmap', async () => {
    if (person.ids === 'single') {
      const refused = await run(['--uidmap', '0:1:10', '/bin/true'], {as: person});
      expectRefused(refused, /0:1:10: the user id 1 is not among those you have: 0$/);
      const own = await mapsOf(person, '--uidmap', '5:0:1', '-u', '5:5');
      expect(own).toEqual({users: [`5 ${person.uid} 1`], groups: [`5 ${person.gid} 1`]});
      return;
    }
    const [uid, gid] = [subordinate('/etc/subuid', person), subordinate('/etc/subgid', person)];
    expect(await mapsOf(person, '--uidmap', '0:1:10', '--uidmap', '10:0:1')).toEqual({
      users: [`0 ${uid} 10`, `10 ${person.uid} 1`],
      groups: [`0 ${gid} 10`, `10 ${person.gid} 1`],
    });
    expect(await mapsOf(person, '--uidmap', '0:0:1', '--gidmap', '0:3:2')).toEqual({
      users: [`0 ${person.uid} 1`],
      groups: [`0 ${gid + 2} 2`],
    });
  });

  it.skipIf(!person.exists)('are as many as it says, and not more than it has', async () => {
    const most = person.ids === 'single' ? 1 : 65_537;
    const more = await run(['--userns', `auto:size=${most + 1}`, '/bin/true'], {as: person});
    expectRefused(more, new RegExp(`there are 1 to ${most} ids`));
    const {users} = await mapsOf(person, '--userns', 'auto:size=1');
    expect(users).toEqual([`0 ${person.uid} 1`]);
  });

  it.skipIf(!person.exists)('are of its own name, and of no other', async () => {
    expectRefused(
      await run(['--subuidname', 'root', '/bin/true'], {as: person}),
      /the ids of root in \/etc\/subuid are not yours/,
    );
    const words = ['--subuidname', person.name, '/bin/true'];
    const own = await run(words, {as: person});
    if (person.ids === 'single') expectRefused(own, /gives no ids to/);
    else expect(own).toEqual({status: 0, stdout: '', stderr: ''});
  });

  it.skipIf(!person.exists)('are never those of the host', async () => {
    expectRefused(await run(['--userns', 'host', '/bin/true'], {as: person}), /only root/);
  });
});

describeRoot('ids that root chooses', () => {
  const [root, ranged] = people;

  it('are exactly those', async () => {
    if (root === undefined) return;
    expect(await mapsOf(root, '--uidmap', '0:5000:10', '--uidmap', '10:7000')).toEqual({
      users: ['0 5000 10', '10 7000 1'],
      groups: ['0 5000 10', '10 7000 1'],
    });
  });

  it('are those of a name', async () => {
    if (root === undefined || !ranged?.exists) return;
    expect(await mapsOf(root, '--subuidname', ranged.name)).toEqual({
      users: [`0 ${subordinate('/etc/subuid', ranged)} 65536`],
      groups: [`0 ${subordinate('/etc/subgid', ranged)} 65536`],
    });
  });

  it('stand beside a range that nobody else has', async () => {
    if (root === undefined) return;
    const mode = 'auto:size=100,uidmapping=7:5000:1';
    const {users, groups} = await mapsOf(root, '--userns', mode);
    expect(users[1]).toBe('7 5000 1');
    const [, start = '0'] = users[0]?.split(' ') ?? [];
    expect(users).toEqual([`0 ${start} 7`, '7 5000 1', `8 ${Number(start) + 7} 92`]);
    expect(groups).toEqual([`0 ${start} 100`]);
  });

  it('leave the host’s secrets hidden, though they are its root', async () => {
    const words = ['--uidmap', '0:0:65536', ...bash('id -u; cat /etc/shadow; ls -l /etc/shadow')];
    const {stdout, stderr} = await run(words);
    expect(stdout).toMatch(/^0\n/);
    expect(stdout + stderr).not.toMatch(/root:|:\d{5}:0:99999/);
  });

  it.each(['keep-id', 'nomap'])('are not %s, which is for plain users', async (mode) => {
    expectRefused(await run(['--userns', mode, '/bin/true']), /is for plain users/);
  });

  it('hold with --privileged, which then has its capabilities over them alone', async () => {
    if (root === undefined) return;
    const {users} = await mapsOf(root, '--privileged', '--userns', 'auto');
    expect(users).toEqual([expect.stringMatching(/^0 \d{10} 65536$/)]);
  });
});

describeEach('a user namespace without root', (person) => {
  it('has its first user make its files', async () => {
    const ids = person.ids === 'shifted' ? '7:5000:10' : '7:0:1';
    const words = ['--uidmap', ids, '-u', '7:7', ...bash('id -u; stat -c %u:%g / /tmp /etc')];
    const {status, stdout, stderr} = await run(words, {as: person});
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    expect(lines(stdout).slice(0, 3)).toEqual(['7', '7:7', '7:7']);
  });
});
