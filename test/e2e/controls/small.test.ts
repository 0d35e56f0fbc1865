import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {run} from '../harness/run.ts';
import {runSpec} from '../harness/spec.ts';
import {give, makeSystem} from '../harness/system.ts';
import {bash} from '../harness/words.ts';

describeEach('--group-add', (person) => {
  it('adds groups of the container, by name and by number, or says why it cannot', async () => {
    const words = ['--group-add', 'www-data', '--group-add', '777', ...bash('id -G')];
    const {status, stdout, stderr} = await run(words, {as: person});
    if (person.ids === 'single') {
      expect([status, stderr]).toEqual([125, expect.stringContaining('only one id is mapped')]);
    } else {
      expect([stdout, stderr]).toEqual(['0 33 777\n', '']);
    }
  });

  it.each([
    ['no-such-group', person.ids === 'single' ? 'only one id' : 'group no-such-group'],
    ['keep-groups', 'not kept'],
    ['-1', 'is not a group'],
  ])('refuses %s', async (group, words) => {
    const {status, stderr} = await run([`--group-add=${group}`, '/bin/true'], {as: person});
    expect([status, stderr]).toEqual([125, expect.stringContaining(words)]);
  });
});

describeEach('--umask and --domainname', (person) => {
  it('are what the process finds', async () => {
    const words = ['--umask', '027', '--domainname', 'example', ...bash('umask; domainname')];
    expect((await run(words, {as: person})).stdout).toBe('0027\nexample\n');
  });
});

describeEach('a tmpfs that begins with what it covers', (person) => {
  it('has its files, directories, links and modes, and none of what is no file', async () => {
    const system = makeSystem(person);
    mkdirSync(join(system, 'data/deep'), {recursive: true, mode: 0o751});
    writeFileSync(join(system, 'data/deep/file'), 'x'.repeat(3_000_000), {mode: 0o640});
    symlinkSync('/etc/passwd', join(system, 'data/link'));
    give(system, person);
    const script = `cd /data; stat -c '%n %F %a %s' deep deep/file; readlink link; stat -fc %T .
      echo more > new && ls && echo x > deep/file`;
    const {stdout, stderr} = await run(
      ['--rootfs', system, '--tmpfs', '/data:tmpcopyup,size=8m', 'sh', '-c', script],
      {as: person},
    );
    expect(stderr).toBe('');
    expect(stdout).toBe(
      'deep directory 751 60\ndeep/file regular file 640 3000000\n/etc/passwd\ntmpfs\ndeep\nlink\nnew\n',
    );
    const again = await run(['--rootfs', system, 'wc', '-c', '/data/deep/file'], {as: person});
    expect(again.stdout).toContain('3000000');
  });

  it('is read-only afterwards where that is asked for, and full where it does not fit', async () => {
    const system = makeSystem(person);
    mkdirSync(join(system, 'data'));
    writeFileSync(join(system, 'data/file'), 'x'.repeat(3_000_000));
    give(system, person);
    const words = (options: string) => ['--rootfs', system, '--tmpfs', `/data:${options}`];
    const script = 'wc -c < /data/file; echo x > /data/new';
    const closed = await run([...words('tmpcopyup,ro'), 'sh', '-c', script], {as: person});
    expect([closed.stdout.trim(), closed.stderr]).toEqual([
      '3000000',
      expect.stringContaining('Read-only file system'),
    ]);
    const full = await run([...words('tmpcopyup,size=1m'), 'true'], {as: person});
    expect([full.status, full.stderr]).toEqual([125, expect.stringContaining('ENOSPC')]);
  });

  it('is /run, /tmp and /var/tmp with --read-only and --read-only-tmpfs', async () => {
    const script =
      'for it in /run /tmp /var/tmp /etc; do (echo x > $it/x) 2> /dev/null && echo $it; done';
    const words = ['--read-only', ...bash(script)];
    expect((await run(words, {as: person})).stdout).toBe('');
    expect((await run(['--read-only-tmpfs', ...words], {as: person})).stdout).toBe(
      '/run\n/tmp\n/var/tmp\n',
    );
  });
});

describeEach('linux.intelRdt', (person) => {
  it('is an error where the host has no resctrl', async () => {
    const asked = runSpec(person, 'true', {linux: {intelRdt: {closID: 'x'}}});
    await expect(asked).rejects.toMatchObject({code: 'ERESCTRL'});
  });
});
