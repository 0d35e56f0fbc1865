import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {expectRefused} from '../bad-input/refused.ts';
import {describeRoot, people, someone} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {launch, run, start} from '../harness/run.ts';
import {give} from '../harness/system.ts';
import {describeTrees} from '../harness/trees.ts';
import {bash} from '../harness/words.ts';

/** Of an attacker against us. */
const rounds = process.env.MINICONTAINER_TEST_LONG === '1' ? 200 : 20;

/** A directory of root's, to which nobody else may write. */
function makeVolume(person = someone): string {
  const volume = join(roomOf(person).work, 'volume');
  mkdirSync(join(volume, 'below'), {recursive: true, mode: 0o755});
  writeFileSync(join(volume, 'below/file'), 'of the host\n', {mode: 0o644});
  give(volume, person);
  return volume;
}

function ownersOf(...paths: string[]): string[] {
  return paths.map((path) => {
    const {uid, gid} = statSync(path);
    return `${uid}:${gid}`;
  });
}

const firstId = `awk '{print $2}' /proc/self/uid_map`;

describeRoot('a volume that containers share one after the other', () => {
  it.each(['idmap', 'U'])('is usable by each with %s, whichever range it has', async (option) => {
    const volume = makeVolume();
    const flags = ['-v', `${volume}:/v:${option}`];
    const write = `${firstId}; echo one > /v/below/file; mkdir /v/dir; touch /v/dir/new`;
    const first = await run([...flags, ...bash(write)]);
    expect(first).toMatchObject({status: 0, stderr: ''});

    // It takes the range that the first has given back.
    const other = start(['run', ...bash('echo up; read line')], {stdin: 'open'});
    await other.printed('up');
    const more = `${firstId}; cat /v/below/file; echo two >> /v/below/file; rm /v/dir/new; rmdir /v/dir`;
    const second = await run([...flags, ...bash(more)]);
    other.stdin.end();
    await other.result;
    expect(second).toMatchObject({status: 0, stderr: ''});
    const [range, ...rest] = second.stdout.split('\n');
    expect(rest).toEqual(['one', '']);
    expect(range).not.toBe(first.stdout.trim());
    expect(readFileSync(join(volume, 'below/file'), 'utf8')).toBe('one\ntwo\n');
    const owner = option === 'idmap' ? '0:0' : `${range}:${range}`;
    expect(ownersOf(volume, join(volume, 'below/file'))).toEqual([owner, owner]);
  });

  it('is not written without, and a line says why', async () => {
    const volume = makeVolume();
    const before = describeTrees([volume]);
    const {stdout, stderr} = await run(['-v', `${volume}:/v`, ...bash('touch /v/x 2>&1')]);
    expect(stdout).toMatch(/denied/);
    expect(stderr).toMatch(/^minicontainer: container root cannot write \/v: .*:idmap.*\n$/);
    expect(describeTrees([volume])).toEqual(before);
    const quiet = await run(['-v', `${volume}:/v:ro`, '/bin/true']);
    expect(quiet).toEqual({status: 0, stdout: '', stderr: ''});
  });
});

describeRoot('an idmapped bind', () => {
  it('shows each user’s files as that user’s, and makes them so', async () => {
    const volume = makeVolume();
    const script = 'stat -c %u:%g /v/below/file; touch /v/mine 2>&1';
    spawnSync('chown', ['-R', '33:44', volume]);
    const words = ['-v', `${volume}:/v:idmap`, '-u', '33:33', ...bash(script)];
    expect(await run(words)).toEqual({status: 0, stdout: '33:44\n', stderr: ''});
    expect(ownersOf(join(volume, 'mine'))).toEqual(['33:33']);
  });

  it.each([
    ['idmap=uids=@1234-0-1;gids=@1234-0-1', '0:0', true],
    ['idmap=uids=@1234-5-1', '5:5', true],
    ['idmap=uids=0-1234-1', '65534:65534', false],
  ])('shows whose files are whose with %s', async (option, owner, writable) => {
    const volume = makeVolume();
    spawnSync('chown', ['-R', '1234:1234', volume]);
    const script = 'stat -c %u:%g /v/below/file; touch /v/new 2>/dev/null';
    const {stdout} = await run([
      '-v',
      `${volume}:/v:${option}`,
      '-u',
      owner === '5:5' ? '5:5' : '0:0',
      ...bash(script),
    ]);
    expect(stdout).toBe(`${owner}\n`);
    expect(existsSync(join(volume, 'new'))).toBe(writable);
    if (writable) expect(ownersOf(join(volume, 'new'))).toEqual(['1234:1234']);
  });

  it('works by --mount too, and of a file', async () => {
    const file = join(makeVolume(), 'below/file');
    const words = ['--mount', `type=bind,src=${file},dst=/f,idmap`, ...bash('stat -c %u /f')];
    expect(await run(words)).toEqual({status: 0, stdout: '0\n', stderr: ''});
  });

  it('of a file system that cannot is refused by its name, with the way out', async () => {
    const {work} = roomOf(someone);
    const place = join(work, 'ramfs');
    mkdirSync(place);
    expect(spawnSync('mount', ['-t', 'ramfs', 'ramfs', place]).status).toBe(0);
    try {
      const result = await run(['-v', `${place}:/v:idmap`, '/bin/true']);
      expectRefused(result, /ramfs, a file system of type ramfs, cannot be shifted: EINVAL/);
      expect(result.stderr).toMatch(/hint: .*leave idmap out/);
    } finally {
      spawnSync('umount', [place]);
    }
  });

  it('is refused with the ids of the host', async () => {
    const words = ['--userns', 'host', '-v', `${makeVolume()}:/v:idmap`, '/bin/true'];
    expectRefused(await run(words), /there is nothing to shift/);
  });
});

describeRoot('U', () => {
  it('changes links themselves, and nothing behind them or mounted below', async () => {
    const volume = makeVolume();
    const outside = join(roomOf(someone).work, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), '');
    symlinkSync(outside, join(volume, 'link'));
    symlinkSync('/etc/passwd', join(volume, 'passwd'));
    mkdirSync(join(volume, 'mounted'));
    spawnSync('mount', ['--bind', outside, join(volume, 'mounted')]);
    try {
      const before = describeTrees([outside, '/etc/passwd']);
      const result = await run(['-v', `${volume}:/v:U`, ...bash('stat -c %u /v/link /v/passwd')]);
      expect(result).toEqual({status: 0, stdout: '0\n0\n', stderr: ''});
      expect(describeTrees([outside, '/etc/passwd'])).toEqual(before);
    } finally {
      spawnSync('umount', [join(volume, 'mounted')]);
    }
  });

  it('is led nowhere by somebody who swaps a directory for a link meanwhile', async () => {
    const volume = makeVolume();
    const outside = join(roomOf(someone).work, 'outside');
    for (const directory of [outside, join(volume, 'swapped')]) {
      mkdirSync(directory);
      for (let n = 0; n < 200; n += 1) writeFileSync(join(directory, String(n)), '');
    }
    const before = describeTrees([outside]);
    const swap = `while :; do mv -T swapped aside; ln -s ${outside} swapped; rm swapped; mv -T aside swapped; done`;
    const attacker = launch('bash', ['-c', swap], {cwd: volume, timeoutMs: 50_000});
    try {
      for (let round = 0; round < rounds; round += 1) {
        const user = round % 2 === 0 ? '1:1' : '2:2';
        const {status, stderr} = await run(['-u', user, '-v', `${volume}:/v:U`, '/bin/true']);
        expect(status, stderr).toBe(0);
      }
      attacker.process.kill('SIGSTOP');
      expect(describeTrees([outside])).toEqual(before);
    } finally {
      attacker.process.kill('SIGKILL');
      await attacker.result;
    }
  });

  it.each(['/', '/etc', '/usr/share', '/var/lib', '/home', '/root', '/tmp'])(
    'gives away nothing of the system: %s',
    async (source) => {
      const before = ownersOf(source);
      expectRefused(
        await run(['-v', `${source}:/v:U`, '/bin/true']),
        /is not given to a container/,
      );
      expect(ownersOf(source)).toEqual(before);
    },
  );

  it('gives away nothing of the system by a link to it', async () => {
    const link = join(roomOf(someone).work, 'link');
    symlinkSync('/etc', link);
    const words = ['-v', `${link}:/v:U`, '/bin/true'];
    expectRefused(await run(words), /\/etc is not given to a container/);
  });

  it('is refused for a user whose number only the container knows', async () => {
    const words = ['-u', 'www-data', '-v', `${makeVolume()}:/v:U`, '/bin/true'];
    expectRefused(await run(words), /U cannot tell whose files/);
  });
});

const plain = people.filter(({ids, exists}) => ids !== 'shifted' && exists);

describe.each(plain)('owners of a bind, as $name', (person) => {
  it('cannot be shifted, and it is said why', async () => {
    const words = ['-v', `${makeVolume(person)}:/v:idmap`, '/bin/true'];
    expectRefused(await run(words, {as: person}), /only root can shift owners/);
  });

  it('are the container’s user’s with U, where there is that user', async () => {
    const volume = makeVolume(person);
    const script = 'stat -c %u:%g /v /v/below/file; echo mine > /v/below/file';
    const words = ['-u', '33:33', '-v', `${volume}:/v:U`, ...bash(script)];
    const result = await run(words, {as: person});
    if (person.ids === 'single') {
      expectRefused(result, /33 is not among the ids/);
      return;
    }
    expect(result).toEqual({status: 0, stdout: '33:33\n33:33\n', stderr: ''});
    // And its own again.
    const back = await run(['-v', `${volume}:/v:U`, '/bin/true'], {as: person});
    expect(back).toEqual({status: 0, stdout: '', stderr: ''});
    const owner = `${person.uid}:${person.gid}`;
    expect(ownersOf(volume, join(volume, 'below/file'))).toEqual([owner, owner]);
  });

  it('must be where container root can go', async () => {
    const volume = makeVolume(person);
    spawnSync('chmod', ['0700', roomOf(person).work]);
    const words = ['--userns', 'nomap', '-v', `${volume}:/v`, '/bin/true'];
    if (person.ids === 'single') return;
    const result = await run(words, {as: person});
    expectRefused(result, /volume: EACCES/);
    expect(result.stderr).toMatch(/\nhint: container root may not go there/);
  });

  it('of others cannot be changed, and the file is named', async () => {
    const volume = makeVolume(person);
    spawnSync('chown', ['0:0', join(volume, 'below/file')]);
    const words = ['-v', `${volume}:/v:U`, '/bin/true'];
    const result = await run(words, {as: person});
    if (process.getuid?.() === 0) expectRefused(result, /: file: EPERM/);
    else expect(result.status).toBe(0);
  });
});
