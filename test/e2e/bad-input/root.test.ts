import {chmodSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run, shell} from '../harness/run.ts';
import {makeSystem} from '../harness/system.ts';
import {bash} from '../harness/words.ts';
import {expectRefused} from './refused.ts';

describeEach('--rootfs', (person) => {
  it.each([
    ['that is not there', () => {}, /\/root is not there|system is not there/],
    ['that is empty', (path: string) => void mkdirSync(path), /is empty/],
    ['that is a file', (path: string) => writeFileSync(path, 'x'), /is not a directory/],
  ])('%s is refused', async (_, make, message) => {
    const path = join(roomOf(person).work, 'system');
    make(path);
    expectRefused(await run(['--rootfs', path, '/bin/true'], {as: person}), message);
    expectRefused(await run(['--rootfs', `${path}:O`, '/bin/true'], {as: person}), message);
  });

  it('without the command says so', async () => {
    const root = makeSystem(person);
    expectRefused(
      await run(['--rootfs', root, '/bin/nothing'], {as: person}),
      /is not in the/,
      127,
    );
    expectRefused(
      await run(['--rootfs', root, 'nothing'], {as: person}),
      /^nothing is not in/,
      127,
    );
  });

  it('without the interpreter of a command names it', async () => {
    const root = makeSystem(person);
    writeFileSync(join(root, 'script'), '#!/usr/bin/python3 -u\n');
    chmodSync(join(root, 'script'), 0o755);
    expectRefused(
      await run(['--rootfs', root, '/script'], {as: person}),
      /\/script needs the interpreter \/usr\/bin\/python3, which is not in the container/,
      127,
    );
  });

  it('without the loader of a dynamic program names it', async () => {
    const root = makeSystem(person);
    await shell(`cp /bin/true ${root}/dynamic`, {as: person});
    expectRefused(
      await run(['--rootfs', root, '/dynamic'], {as: person}),
      /\/dynamic needs the interpreter \/lib64\/ld-linux-x86-64\.so\.2/,
      127,
    );
  });

  it('without a passwd file has no user by name, but root and numbers', async () => {
    const root = makeSystem(person);
    rmSync(join(root, 'etc/passwd'));
    expectRefused(
      await run(['--rootfs', root, '-u', 'web', '/bin/true'], {as: person}),
      /user web/,
    );
    const words = ['--rootfs', root, '-u', '0', '/bin/sh', '-c', 'echo $HOME'];
    expect(await run(words, {as: person})).toMatchObject({status: 0, stdout: '/\n'});
  });

  it('that another user closed is refused', async () => {
    if (person.uid === 0) return;
    const words = ['--rootfs', '/root', '/bin/true'];
    expectRefused(await run(words, {as: person}), /\/root .*(EACCES|cannot|is not|may)/);
  });
});

describeEach('a mount', (person) => {
  it('of a file on a directory, and the other way round, is refused', async () => {
    const {work} = roomOf(person);
    writeFileSync(join(work, 'file'), '');
    mkdirSync(join(work, 'dir'));
    const words = (source: string, target: string) => [
      '-v',
      `${work}/${source}:${target}:ro`,
      '/bin/true',
    ];
    expectRefused(await run(words('file', '/usr/bin'), {as: person}), /\/usr\/bin|usr\/bin/);
    expectRefused(await run(words('dir', '/etc/passwd'), {as: person}), /etc\/passwd/);
  });

  it('whose missing source cannot be made is refused', async () => {
    const words = ['-v', '/proc/no/where:/x', '/bin/true'];
    expectRefused(await run(words, {as: person}), /source of a mount cannot be made: \/proc\/no/);
  });

  it('below a file is refused', async () => {
    const words = ['-v', `${roomOf(person).work}:/etc/passwd/x:ro`, '/bin/true'];
    expectRefused(await run(words, {as: person}), /etc\/passwd/);
  });

  it('that the file system refuses is named', async () => {
    const words = ['--tmpfs', '/x:size=1k,nr_inodes=0,mode=777,uid=7,gid=99999999999', '/bin/true'];
    expectRefused(await run(words, {as: person}), /tmpfs|\/x/);
  });
});

describeEach('a working directory', (person) => {
  it('that is gone is no obstacle, but for relative paths', async () => {
    const script = `mkdir gone; cd gone; rmdir ../gone; minicontainer run /bin/echo fine
minicontainer run -v ./x:/x /bin/true`;
    const {status, stdout, stderr} = await shell(script, {as: person});
    expect({status, stdout}).toEqual({status: 125, stdout: 'fine\n'});
    expect(stderr).toMatch(/^minicontainer: .*\n(hint: .*\n)?$/);
    expect(stderr).not.toMatch(/internal error/);
  });

  it('is the root’s own when nobody says', async () => {
    expect(await run(bash('pwd'), {as: person})).toMatchObject({stdout: '/root\n'});
  });
});
