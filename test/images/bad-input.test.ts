import {expect, inject, test} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {start} from '../e2e/harness/run.ts';
import {fixture, refused, succeed} from './harness/commands.ts';
import {freePort} from './harness/ports.ts';

describeEach('what nobody can do', (person) => {
  for (const reference of [
    ...['', ' ', 'UPPER', 'a//b', '-x/y', 'a/b:', 'a:b:c', 'a@sha256:12', 'a@md5:00', 'a b'],
    ...[
      '../a',
      'a/../b',
      'http://localhost/a',
      'localhost:99999/a',
      'a:-tag',
      `${'a'.repeat(300)}`,
    ],
    ...['a\nb', 'a\u001b[31m', 'localhost:5000', 'ä', 'a@', 'a:'.concat('t'.repeat(129))],
  ]) {
    test(`a reference that is none: ${JSON.stringify(reference).slice(0, 40)}`, async () => {
      for (const words of [
        ['pull', '--', reference],
        ['tag', fixture('busybox'), reference],
      ]) {
        const stderr = await refused(words, person);
        expect(stderr.split('\n').filter(Boolean).length).toBeLessThanOrEqual(3);
        expect(stderr).not.toContain('\u001b');
      }
    });
  }

  test('an image that a registry has not: says which registry', async () => {
    const {registry} = inject('images');
    const unknown = await refused(['pull', `${registry}/fixtures/nothing`], person);
    expect(unknown).toContain(registry);
    expect(unknown).toMatch(/nothing/);
    const tag = await refused(['pull', `${registry}/fixtures/busybox:none`], person);
    expect(tag).toContain(registry);
    expect(tag).toContain('none');
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(await refused(['pull', `${registry}/fixtures/busybox@${digest}`], person)).toContain(
      '000000000000',
    );
  });

  test('a registry that is not there: says where it was looked for', async () => {
    const port = await freePort();
    const stderr = await refused(['pull', `localhost:${port}/a/b`], person);
    expect(stderr).toContain(`localhost:${port}`);
    expect(stderr).toMatch(/refused|connect/i);
    expect(await refused(['pull', 'registry.invalid/a/b'], person)).toContain('registry.invalid');
  });

  test('a platform that an image is not for: says which ones it is for', async () => {
    const stderr = await refused(
      ['pull', '--platform', 'linux/s390x', fixture('many-platforms')],
      person,
    );
    for (const platform of ['linux/amd64', 'linux/arm64', 'linux/arm/v7', 'linux/riscv64']) {
      expect(stderr).toContain(platform);
    }
    expect(await refused(['pull', '--platform', 'pdp11', fixture('busybox')], person)).toMatch(
      /pdp11/,
    );
  });

  test('an image that is not here', async () => {
    for (const words of [
      ['rmi', 'nothing/here'],
      ['inspect', 'nothing/here'],
      ['history', 'nothing/here'],
      ['tag', 'nothing/here', 'other'],
      ['save', '-o', 'x.tar', 'nothing/here'],
      ['push', 'localhost:1/nothing/here'],
    ]) {
      expect(await refused(words, person), words.join(' ')).toContain('nothing/here');
    }
  });

  test('a short id that is several images', async () => {
    // Of 17 images two begin with the same digit.
    const tags = ['busybox', 'busybox-zstd', 'settings', 'everything', 'sparse', 'devices'];
    for (const tag of tags) await succeed(['pull', '-q', fixture(tag)], person);
    await succeed(['pull', '-q', '--platform', 'linux/arm64', fixture('many-platforms')], person);
    const ids = (await succeed(['images', '-q', '--no-trunc'], person)).trim().split('\n');
    const beginnings = new Map<string, Set<string>>();
    for (const id of ids) {
      const first = id.slice(7, 8);
      beginnings.set(first, (beginnings.get(first) ?? new Set()).add(id));
    }
    const [several] = [...beginnings].find(([, those]) => those.size > 1) ?? [];
    if (several === undefined) throw new Error('all ids begin differently: add an image');
    for (const words of [
      ['rmi', several],
      ['inspect', several],
      ['tag', several, 'x'],
    ]) {
      expect(await refused(words, person)).toMatch(/images have an id that/);
    }
    expect((await succeed(['images', '-q', '--no-trunc'], person)).trim().split('\n')).toEqual(ids);
  });

  test('rmi of an image that a container uses', async () => {
    const image = fixture('busybox');
    await succeed(['pull', '-q', image], person);
    const running = start(['run', '--network', 'none', image, 'sh', '-c', 'echo up; sleep 30'], {
      as: person,
    });
    await running.printed('up');
    const stderr = await refused(['rmi', image], person);
    expect(stderr).toMatch(/in use|uses it|used by/i);
    // Its files stay as long as it runs, whatever is removed.
    await succeed(['prune', '-f', '-a'], person);
    running.process.kill('SIGTERM');
    await running.result;
    await succeed(['rmi', image], person);
    await succeed(['prune', '-f'], person);
  });

  test('a store where none can be', async () => {
    const stderr = await refused(['images'], person, {
      env: {MINICONTAINER_ROOT: '/dev/null/store'},
    });
    expect(stderr).toContain('/dev/null/store');
  });

  test('a file that is no image archive', async () => {
    const words = ['load', '-i', '/etc/passwd'];
    expect(await refused(words, person)).toContain('/etc/passwd');
    expect(await refused(['load', '-i', '/no/such/file'], person)).toContain('/no/such/file');
    expect(await refused(['pull', 'oci:/no/such/dir'], person)).toContain('/no/such/dir');
  });
});
