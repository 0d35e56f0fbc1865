import {existsSync, lstatSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot, someone} from '../harness/people.ts';
import {run, shell} from '../harness/run.ts';
import {describeSystem, makeSystem} from '../harness/system.ts';
import {lines} from '../harness/words.ts';

const sh = (script: string) => ['/bin/sh', '-c', script];

describeEach('--rootfs DIR', (person) => {
  it('is the root file system, and all there is of files', async () => {
    const root = makeSystem(person);
    const {status, stdout} = await run(['--rootfs', root, '/bin/ls', '/'], {as: person});
    expect({status, stdout}).toEqual({status: 0, stdout: 'bin\ndev\netc\nproc\nsys\ntmp\n'});
  });

  it('is written in place, as its owner', async () => {
    const root = makeSystem(person);
    const script =
      'echo new > /new; echo more >> /etc/passwd; mkdir /dir; chmod 700 /dir; rm /bin/wc';
    expect(await run(['--rootfs', root, ...sh(script)], {as: person})).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(join(root, 'new'), 'utf8')).toBe('new\n');
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(/\nmore\n$/);
    expect(existsSync(join(root, 'bin/wc'))).toBe(false);
    for (const path of ['new', 'dir']) {
      const {uid, gid} = lstatSync(join(root, path));
      expect({uid, gid}).toEqual({uid: person.uid, gid: person.gid});
    }
  });

  it('is left without anything of ours in it', async () => {
    const root = makeSystem(person);
    const before = describeSystem(root);
    await run(['--rootfs', root, '/bin/true'], {as: person});
    expect(describeSystem(root)).toEqual(before);
  });

  it('may be relative, with a name command looked up in PATH inside', async () => {
    makeSystem(person);
    const {stdout} = await run(['--rootfs', './system', 'echo', 'found'], {as: person});
    expect(stdout).toBe('found\n');
  });

  it('is copied on write with :O, and stays as it is', async () => {
    const root = makeSystem(person);
    const before = describeSystem(root);
    const script = `
echo new > /new; echo more >> /etc/passwd; rm /bin/wc; mv /bin/ls /bin/list; chmod 777 /etc
rm -rf /tmp; mkdir /tmp; echo x > /tmp/x; cat /new; cat /bin/ls 2>&1; cat /bin/wc 2>&1; cat /tmp/x`;
    const {stdout} = await run(['--rootfs', `${root}:O`, ...sh(script)], {as: person});
    expect(lines(stdout)).toEqual([
      'new',
      "cat: can't open '/bin/ls': No such file or directory",
      "cat: can't open '/bin/wc': No such file or directory",
      'x',
    ]);
    expect(describeSystem(root)).toEqual(before);
  });

  it.each(['', ':O'])('cannot be written with --read-only%s', async (suffix) => {
    const root = makeSystem(person);
    const before = describeSystem(root);
    const script = 'for path in /new /etc/new /tmp/new /bin/sh; do echo x > $path; done 2>&1';
    const {stdout} = await run(['--read-only', '--rootfs', root + suffix, ...sh(script)], {
      as: person,
    });
    expect(stdout.match(/Read-only file system/g)).toHaveLength(4);
    expect(describeSystem(root)).toEqual(before);
  });

  it('gets the container’s own /etc/hostname and /etc/hosts, where it has some', async () => {
    const root = makeSystem(person);
    const script = 'cat /etc/hostname /etc/hosts';
    const words = ['-h', 'name', '--rootfs', root, ...sh(script)];
    expect((await run(words, {as: person})).stdout).toBe(
      'name\n127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 name\n',
    );
    expect(readFileSync(join(root, 'etc/hosts'), 'utf8')).toBe('of the image\n');
  });

  it('has /proc, /sys, /dev and its terminals, even where it has no directories for them', async () => {
    const root = makeSystem(person);
    for (const name of ['proc', 'sys', 'dev', 'etc', 'tmp']) {
      rmSync(join(root, name), {recursive: true});
    }
    const script = 'echo x > /dev/null && ls -d /proc/1 /sys/fs /dev/pts/ptmx';
    expect(await run(['--rootfs', root, ...sh(script)], {as: person})).toEqual({
      status: 0,
      stdout: '/dev/pts/ptmx\n/proc/1\n/sys/fs\n',
      stderr: '',
    });
  });

  it('may have colons, commas, spaces and backslashes in its name', async () => {
    const root = makeSystem(person, 'a:b, c\\d');
    for (const suffix of ['', ':O']) {
      const words = ['--rootfs', root + suffix, '/bin/echo', 'hi'];
      expect(await run(words, {as: person})).toEqual({status: 0, stdout: 'hi\n', stderr: ''});
    }
  });

  it('can be used by several containers at once, each with a layer of its own', async () => {
    const root = makeSystem(person);
    const script = 'echo $0 > /etc/which; sleep 0.2; cat /etc/which';
    const results = await Promise.all(
      ['1', '2', '3'].map((which) =>
        run(['--rootfs', `${root}:O`, ...sh(script), which], {as: person}),
      ),
    );
    expect(results.map(({stdout}) => stdout)).toEqual(['1\n', '2\n', '3\n']);
  });
});

describeRoot('--rootfs', () => {
  it('shows owners as they are on the host, from 0 to 65535', async () => {
    const root = makeSystem(someone);
    await shell(`cd ${root}; touch a b c; chown 1:2 a; chown 65535:65535 b; chown 70000:70000 c`);
    for (const suffix of ['', ':O']) {
      const words = ['--rootfs', root + suffix, ...sh('stat -c %u:%g /a /b /c')];
      expect((await run(words)).stdout).toBe('1:2\n65535:65535\n65534:65534\n');
    }
  });

  it('is written with the owners that the container gives', async () => {
    const root = makeSystem(someone);
    await run(['--rootfs', root, ...sh('touch /f; busybox chown 33:44 /f')]);
    const {uid, gid} = lstatSync(join(root, 'f'));
    expect({uid, gid}).toEqual({uid: 33, gid: 44});
  });
});
