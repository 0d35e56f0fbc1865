import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, inject, test} from 'vitest';
import {describeEach, describeRoot, people, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {fixture, seenInside, succeed} from './harness/commands.ts';
import {unpackedByUmoci, withPodman} from './harness/peers.ts';
import {Registry} from './harness/registry.ts';
import {without} from './harness/trees.ts';

// What skopeo, umoci, podman and buildah write we read, and what we write they read.

const execute = promisify(execFile);
const skopeo = (words: readonly string[]) => execute('skopeo', words);

describeRoot('what others push', () => {
  test('buildah: an image of its own', async () => {
    await using registry = await Registry.start();
    const image = `${registry.host}/built/by-buildah`;
    const script = `
      container=$($buildah from scratch)
      $buildah copy --chown 3:4 "$container" "$1" /bin/busybox
      $buildah config --cmd '["/bin/busybox", "echo", "built"]' --env A=b --label made=here "$container"
      $buildah commit --format "$3" "$container" built
      $buildah push --tls-verify=false built "docker://$2"
    `;
    for (const format of ['oci', 'docker']) {
      await withPodman(script, ['/bin/busybox', `${image}:${format}`, format], someone);
      expect(await succeed(['run', '--network', 'none', `${image}:${format}`], someone)).toBe(
        'built\n',
      );
    }
  });

  test('podman: what it has pulled, in each of its compressions', async () => {
    await using registry = await Registry.start();
    const script = `
      $podman pull -q --tls-verify=false "$1"
      $podman push -q --tls-verify=false --format v2s2 "$1" "$2:docker"
      $podman push -q --tls-verify=false --format oci --compression-format zstd "$1" "$2:zstd"
    `;
    const image = `${registry.host}/pushed/by-podman`;
    await withPodman(script, [fixture('busybox'), image], someone);
    for (const tag of ['zstd', 'docker']) {
      expect(
        await succeed(['run', '--network', 'none', `${image}:${tag}`, 'echo', tag], someone),
      ).toBe(`${tag}\n`);
    }
  });

  test('umoci: an image with a layer more', async () => {
    const {work} = roomOf(someone);
    const layout = join(work, 'layout');
    await skopeo(['copy', '-q', `oci:${inject('images').layout}:busybox`, `oci:${layout}:more`]);
    await execute('umoci', ['insert', '--image', `${layout}:more`, '/etc/hostname', '/inserted']);
    await execute('umoci', ['config', '--image', `${layout}:more`, '--config.cmd', 'ls']);
    const printed = await succeed(
      ['run', '--network', 'none', `oci:${layout}:more`, 'ls', '/'],
      someone,
    );
    expect(printed).toContain('inserted\n');
  });
});

describeEach('what we write', (person) => {
  test('a store is a layout that skopeo and umoci read', async () => {
    await succeed(['pull', '-q', fixture('everything')], person);
    const {stdout} = await skopeo([
      'inspect',
      '--raw',
      `oci:${roomOf(person).state}:${fixture('everything')}:latest`,
    ]);
    expect(JSON.parse(stdout).layers).toHaveLength(4);
  });

  for (const format of ['oci-archive', 'docker-archive']) {
    test(`save: ${format} for skopeo and podman`, async () => {
      await succeed(['pull', '-q', fixture('everything')], person);
      const file = join(roomOf(person).work, 'saved.tar');
      await succeed(['save', '--format', format, '-o', file, fixture('everything')], person);
      const layout = join(roomOf(person).work, 'from-archive');
      await skopeo(['copy', '-q', `${format}:${file}`, `oci:${layout}:saved`]);
      const [saved, original] = await Promise.all([
        unpackedByUmoci(layout, 'saved'),
        unpackedByUmoci(inject('images').layout, 'everything'),
      ]);
      const fields = Object.fromEntries(
        Object.keys(original)
          .filter((path) => path === '' || path.startsWith('/implicit'))
          .map((path) => [path, ['mtime'] as const]),
      );
      expect(without(saved, [], fields)).toEqual(without(original, [], fields));
    });
  }

  test('push: the same digests, that skopeo reads and podman runs', async () => {
    await using registry = await Registry.start();
    const image = `${registry.host}/pushed/everything`;
    await succeed(['pull', '-q', fixture('everything')], person);
    await succeed(['tag', fixture('everything'), image], person);
    await succeed(['push', '-q', image], person);
    const raw = async (name: string) =>
      (await skopeo(['inspect', '--raw', '--tls-verify=false', `docker://${name}`])).stdout;
    expect(await raw(image)).toBe(await raw(fixture('everything')));
    await succeed(['rmi', image, fixture('everything')], person);
    await succeed(['prune', '-f'], person);
    const tree = await seenInside(image, person);
    expect(tree['/kinds/big']?.size).toBe('1280000');
  });
});

describeRoot('the same image', () => {
  test('is the same for who pulls it and who loads what skopeo saved', async () => {
    const [person = someone] = people;
    const file = join(roomOf(person).work, 'docker.tar');
    await skopeo([
      'copy',
      '-q',
      `oci:${inject('images').layout}:busybox`,
      `docker-archive:${file}:our/name:1`,
    ]);
    expect(await succeed(['load', '-i', file], person)).toContain('our/name:1');
    expect(
      await succeed(['run', '--network', 'none', 'our/name:1', 'echo', 'loaded'], person),
    ).toBe('loaded\n');
  });
});
