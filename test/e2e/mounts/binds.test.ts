import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot, type Person, someone} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run, shell} from '../harness/run.ts';
import {describeSystem, give, makeSystem} from '../harness/system.ts';
import {describeTrees} from '../harness/trees.ts';
import {bash} from '../harness/words.ts';

/** A directory with a file, writable by everybody: a bind does not shift owners. */
function makeSource(person: Person, name = 'source'): string {
  const directory = join(roomOf(person).work, name);
  mkdirSync(join(directory, 'below'), {recursive: true});
  writeFileSync(join(directory, 'file'), 'of the host\n', {mode: 0o644});
  writeFileSync(join(directory, 'below/file'), 'of the host\n', {mode: 0o644});
  give(directory, person);
  return directory;
}

describeEach('-v', (person) => {
  // With ids of its own, container root is nobody to the host's files; a plain user is itself.
  const shared = person.ids === 'shifted' ? ['--userns', 'host'] : [];

  it('binds a directory, to read and write', async () => {
    const source = makeSource(person);
    const script =
      'cat /data/file /data/below/file; echo changed > /data/file; echo new > /data/new';
    const words = [...shared, '-v', `${source}:/data`, ...bash(script)];
    expect(await run(words, {as: person})).toEqual({
      status: 0,
      stdout: 'of the host\nof the host\n',
      stderr: '',
    });
    expect(readFileSync(join(source, 'file'), 'utf8')).toBe('changed\n');
    expect(statSync(join(source, 'new')).uid).toBe(person.uid);
  });

  it('binds a file', async () => {
    const file = join(makeSource(person), 'file');
    const words = [
      ...shared,
      '-v',
      `${file}:/etc/some/file`,
      ...bash('cat /etc/some/file; echo x >> /etc/some/file'),
    ];
    expect(await run(words, {as: person})).toMatchObject({status: 0, stdout: 'of the host\n'});
    expect(readFileSync(file, 'utf8')).toBe('of the host\nx\n');
  });

  it.each([
    ['-v', (source: string) => `${source}:/data:ro`],
    ['--mount', (source: string) => `type=bind,src=${source},dst=/data,ro`],
    ['--mount', (source: string) => `type=bind,source=${source},target=/data,readonly=true`],
  ])('read-only by %s binds what cannot be written', async (flag, value) => {
    const source = makeSource(person);
    const before = describeTrees([source]);
    const script = `
for try in 'echo x > /data/file' 'echo x > /data/new' 'rm /data/file' 'mv /data/file /data/other' \\
    'chmod 777 /data/file' 'mkdir /data/dir' 'mount -o remount,rw /data'; do
  (eval "$try") 2> /dev/null && echo "$try"
done; cat /data/file`;
    const words = [...shared, flag, value(source), ...bash(script)];
    expect(await run(words, {as: person})).toMatchObject({stdout: 'of the host\n'});
    expect(describeTrees([source])).toEqual(before);
  });

  it('makes a missing directory, which belongs to who called', async () => {
    const source = join(roomOf(person).work, 'made/here');
    const {status} = await run(['-v', `${source}:/data`, ...bash('test -d /data')], {as: person});
    expect(status).toBe(0);
    expect(statSync(source).uid).toBe(person.uid);
  });

  it('takes a path relative to the working directory', async () => {
    makeSource(person);
    const {stdout} = await run(['-v', './source:/data', '/bin/cat', '/data/file'], {as: person});
    expect(stdout).toBe('of the host\n');
  });

  it('brings the working directory, as the hint for a missing command says', async () => {
    const {work} = roomOf(person);
    makeSource(person);
    const script = 'minicontainer run -v "$PWD:$PWD" -w "$PWD" /bin/sh -c "pwd; cat source/file"';
    expect(await shell(script, {as: person})).toMatchObject({stdout: `${work}\nof the host\n`});
  });

  it('binds one inside the other, whichever comes first', async () => {
    const outer = makeSource(person, 'outer');
    const inner = makeSource(person, 'inner');
    writeFileSync(join(inner, 'file'), 'inner\n');
    const flags = ['-v', `${inner}:/data/below`, '-v', `${outer}:/data`];
    for (const order of [flags, [...flags.slice(2), ...flags.slice(0, 2)]]) {
      const words = [...order, '/bin/cat', '/data/file', '/data/below/file'];
      expect(await run(words, {as: person})).toMatchObject({stdout: 'of the host\ninner\n'});
    }
  });

  it('binds below /tmp, /dev, /etc and where nothing is', async () => {
    const source = makeSource(person);
    const places = ['/tmp/a', '/dev/b', '/etc/c', '/usr/d', '/new/deep/e'];
    const flags = places.flatMap((place) => ['-v', `${source}:${place}`]);
    const files = places.map((place) => `${place}/file`);
    const {status, stdout} = await run([...flags, '/bin/cat', ...files], {as: person});
    expect({status, stdout}).toEqual({status: 0, stdout: 'of the host\n'.repeat(5)});
  });

  it('shows what is bound alone: nothing beside or above it', async () => {
    const source = makeSource(person);
    const script = 'cd /data/below; ls -A ../../work ../../home ../.. | grep -c -e source -e tools';
    const {stdout} = await run(['-v', `${source}:/data`, ...bash(script)], {as: person});
    expect(stdout).toBe('0\n');
  });

  it('does not follow a link of the source out of the container', async () => {
    const source = makeSource(person);
    await shell(`ln -s /etc/shadow ${source}/link; ln -s ${roomOf(person).work} ${source}/up`, {
      as: person,
    });
    const {stdout} = await run(['-v', `${source}:/data`, ...bash('cat /data/link; ls /data/up/')], {
      as: person,
    });
    expect(stdout).toBe('');
  });

  it('makes mount points of a root file system, and nothing else in it', async () => {
    const root = makeSystem(person);
    const source = makeSource(person);
    const before = Object.keys(describeSystem(root));
    const words = ['-v', `${source}:/a/b`, '-v', `${source}/file:/c`, '--rootfs', root];
    const {stdout} = await run([...words, '/bin/cat', '/a/b/file', '/c'], {as: person});
    expect(stdout).toBe('of the host\nof the host\n');
    const made = Object.keys(describeSystem(root)).filter((path) => !before.includes(path));
    expect(made).toEqual(['a', 'a/b', 'c'].map((path) => join(root, path)));
  });
});

describeEach('--mount type=bind', (person) => {
  it('wants its source to be there', async () => {
    const source = join(roomOf(person).work, 'missing');
    const words = ['--mount', `type=bind,src=${source},dst=/data`, '/bin/true'];
    const {status, stderr} = await run(words, {as: person});
    expect(status).toBe(125);
    expect(stderr).toMatch(
      /^minicontainer: the source of a mount is not there: \S+missing\nhint: .*\n$/,
    );
    expect(existsSync(source)).toBe(false);
  });

  it('takes quotes, as CSV has them', async () => {
    const source = makeSource(person, 'a,b:c');
    const words = ['--mount', `type=bind,"src=${source}",dst=/data`, '/bin/cat', '/data/file'];
    expect(await run(words, {as: person})).toMatchObject({stdout: 'of the host\n'});
  });
});

describeRoot('-v of root, with ids of its own', () => {
  it('shows the host’s files as nobody’s, which cannot be written', async () => {
    const source = makeSource(someone);
    const before = describeTrees([source]);
    const words = ['-v', `${source}:/data`, ...bash('stat -c %u /data/file; echo x > /data/file')];
    const {stdout, stderr} = await run(words);
    expect(stdout).toBe('65534\n');
    expect(stderr).toMatch(/Permission denied/);
    expect(describeTrees([source])).toEqual(before);
  });

  it('reaches a source that only root may enter', async () => {
    const source = makeSource(someone);
    await shell(`chmod 700 ${join(source, '..')}`);
    const words = ['-v', `${source}:/data`, '/bin/cat', '/data/file'];
    expect(await run(words)).toMatchObject({stdout: 'of the host\n'});
  });
});
