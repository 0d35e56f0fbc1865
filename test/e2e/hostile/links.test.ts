import {mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run} from '../harness/run.ts';
import {makeSystem, plant} from '../harness/system.ts';
import {describeTrees} from '../harness/trees.ts';

const look = ['/bin/sh', '-c', 'cat /proc/1/cmdline > /dev/null && echo ran'];

describeEach('a root file system that is hostile', (person) => {
  /** A directory of the host that everybody may write to, with something in it. */
  function makeBait(): string {
    const bait = join(roomOf(person).work, 'bait');
    mkdirSync(join(bait, 'pts'), {recursive: true, mode: 0o777});
    mkdirSync(join(bait, 'below'));
    writeFileSync(join(bait, 'file'), 'of the host\n');
    return bait;
  }

  describe.each([[''], [':O']])('used with DIR%s', (suffix) => {
    it.each([
      ['dev', 'absolute'],
      ['dev', '../bait'],
      ['proc', 'absolute'],
      ['proc', '../bait'],
      ['sys', 'absolute'],
      ['sys', '../bait'],
      ['dev', '/etc'],
      ['proc', '/tmp'],
      ['sys', '/proc'],
    ])('with /%s a link to %s gets nothing mounted or made outside', async (name, target) => {
      const bait = makeBait();
      const root = makeSystem(person);
      plant(root, name, target === 'absolute' ? bait : target, person);
      const before = describeTrees([bait]);
      const {status, stdout, stderr} = await run(['--rootfs', root + suffix, ...look], {
        as: person,
      });
      expect({status, stdout}).toEqual({status: 125, stdout: ''});
      expect(stderr).toMatch(
        new RegExp(`^minicontainer: /${name}\\S* is a symbolic link .*: ELOOP\nhint: .*\n$`),
      );
      expect(describeTrees([bait])).toEqual(before);
    });

    it.each([
      ['etc/hosts', 'a link to a file of the host'],
      ['etc', 'a link to a directory of the host'],
      ['etc/hostname', 'a link to a file of the host'],
    ])('with /%s %s gets nothing written there', async (name) => {
      const bait = makeBait();
      const root = makeSystem(person);
      plant(root, name, name === 'etc' ? bait : join(bait, 'file'), person);
      const before = describeTrees([bait]);
      const {stderr} = await run(['--rootfs', root + suffix, ...look], {as: person});
      expect(stderr === '' || stderr.startsWith('minicontainer: ')).toBe(true);
      expect(describeTrees([bait])).toEqual(before);
    });

    it('with links and files in its /dev has its own devices all the same', async () => {
      const bait = makeBait();
      const root = makeSystem(person);
      const names = [
        'null',
        'zero',
        'tty',
        'console',
        'pts',
        'ptmx',
        'shm',
        'fd',
        'stdin',
        'mqueue',
      ];
      for (const name of names) plant(root, `dev/${name}`, join(bait, 'file'), person);
      const before = describeTrees([bait]);
      const script = 'echo x > /dev/null; echo $(stat -c %t:%T /dev/null /dev/zero)';
      const words = ['--rootfs', root + suffix, '/bin/sh', '-c', script];
      expect(await run(words, {as: person})).toEqual({status: 0, stdout: '1:3 1:5\n', stderr: ''});
      expect(describeTrees([bait])).toEqual(before);
    });

    it('cannot have a bind put outside by a link on the way', async () => {
      const bait = makeBait();
      const root = makeSystem(person);
      plant(root, 'way', bait, person);
      plant(root, 'up', '../../../../../../../../../..', person);
      const before = describeTrees([bait]);
      for (const target of ['/way/new', '/way/below', `/up${bait}/new`, '/way/../../x/y']) {
        const words = ['-v', `${bait}/file:${target}`, '--rootfs', root + suffix, ...look];
        const {stderr} = await run(words, {as: person});
        expect(stderr).toMatch(/^(minicontainer: .*\n(hint: .*\n)?)?$/);
        expect(describeTrees([bait])).toEqual(before);
      }
      expect(readdirSync(join(root, '..')).sort()).toEqual(['bait', 'system']);
    });

    it('is masked by the real /dev/null: nothing of the host can be written', async () => {
      const root = makeSystem(person);
      plant(root, 'dev/null', '/proc/sys/kernel/core_pattern', person);
      const script = '(echo x > /proc/keys) 2>&1; (echo x > /proc/sys/kernel/core_pattern) 2>&1';
      const {stdout} = await run(['--rootfs', root + suffix, '/bin/sh', '-c', script], {
        as: person,
      });
      expect(stdout.split('\n').filter((line) => line.includes('core_pattern'))).toHaveLength(1);
      expect(stdout).toMatch(/core_pattern: (Read-only file system|Permission denied)/);
    });
  });

  it('with links in a circle is refused, not followed for ever', async () => {
    const root = makeSystem(person);
    plant(root, 'etc', 'etc2', person);
    plant(root, 'etc2', 'etc', person);
    const {stdout, stderr} = await run(['--rootfs', root, ...look], {as: person});
    expect(stdout === 'ran\n' || /^minicontainer: .*ELOOP/.test(stderr)).toBe(true);
  });

  it('that is itself a link is used as where it leads', async () => {
    const root = makeSystem(person);
    plant(join(root, '..'), 'link', 'system', person);
    const {stdout} = await run(['--rootfs', './link', ...look], {as: person});
    expect(stdout).toBe('ran\n');
  });
});
