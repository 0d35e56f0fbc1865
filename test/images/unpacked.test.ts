import {expect, inject, test} from 'vitest';
import {describeEach, isRoot, type Person} from '../e2e/harness/people.ts';
import {fixture, notSeenInside, seenInside, succeed} from './harness/commands.ts';
import {unpackedByPodman, unpackedByTar, unpackedByUmoci} from './harness/peers.ts';
import {type Described, type Tree, without} from './harness/trees.ts';

// What a container sees of an image is what umoci and podman unpack of it, file by file.

/** By image; podman's flaws are told below, umoci and podman know no sparse files of GNU's own. */
const comparisons: readonly {tag: string; umoci?: string; podman?: string}[] = [
  {tag: 'everything', umoci: 'everything', podman: 'everything'},
  {tag: 'everything-zstd', umoci: 'everything'},
  {tag: 'everything-plain', umoci: 'everything'},
  {tag: 'delete-and-make', umoci: 'delete-and-make'},
  {tag: 'layers-100', umoci: 'layers-100'},
];

/**
 * Podman 4.3 gives a directory that its layer has no entry for root's ids, mode 755 and the time of
 * unpacking, and knows no time before 1970.
 */
const podmansFlaws: Readonly<Record<string, readonly (keyof Described)[]>> = {
  ...Object.fromEntries(
    ['', '/gone', '/lower', '/lower/inner', '/mode', '/opaque', '/second-dir', '/etc']
      .concat(['/implicit', '/implicit/one', '/implicit/one/two'])
      .map((path) => [path, ['mode', 'owner', 'mtime', 'attributes'] as const]),
  ),
  '/kinds/before-1970': ['mtime'],
};

/** Nobody says when a directory was made that no layer has an entry for. */
const implicit: Readonly<Record<string, readonly (keyof Described)[]>> = Object.fromEntries(
  ['/implicit', '/implicit/one', '/implicit/one/two', '/steps'].map((path) => [path, ['mtime']]),
);

function compared(tree: Tree, fields = {}, person?: Person): Record<string, Partial<Described>> {
  const kept = without(tree, notSeenInside.paths, {
    ...implicit,
    ...notSeenInside.fields,
    ...fields,
  });
  return person?.ids === 'single' ? squashed(kept) : kept;
}

/** As it is for who has one id: all is root's, and whose it was is told by files and directories. */
function squashed(tree: Record<string, Partial<Described>>): Record<string, Partial<Described>> {
  return Object.fromEntries(
    Object.entries(tree).map(([path, {owner = '0:0', attributes = '', ...described}]) => {
      // S_IFDIR and S_IFREG (inode(7)).
      const told = /^(4|10)[0-7]{4}$/.test(described.mode ?? '');
      const remembered = `user.minicontainer.owner=${owner.replace(':', '%3a')}`;
      const all = [...attributes.split(' '), ...(told && owner !== '0:0' ? [remembered] : [])];
      return [path, {...described, owner: '0:0', attributes: all.filter(Boolean).sort().join(' ')}];
    }),
  );
}

describeEach('what a container sees of an image', (person) => {
  for (const {tag, umoci, podman} of comparisons) {
    if (umoci !== undefined && isRoot)
      test(`${tag}: as umoci unpacks it`, async () => {
        const fields = tag === 'delete-and-make' ? {'/gone': ['mtime']} : {};
        const theirs = await unpackedByUmoci(inject('images').layout, umoci ?? '');
        const ours = await seenInside(fixture(tag), person);
        expect(compared(ours, fields)).toEqual(compared(theirs, fields, person));
      });

    if (podman !== undefined && person.ids !== 'single')
      test(`${tag}: as podman unpacks it`, async () => {
        const theirs = await unpackedByPodman(fixture(podman ?? ''), person);
        const ours = await seenInside(fixture(tag), person);
        expect(compared(ours, podmansFlaws)).toEqual(compared(theirs, podmansFlaws));
      });
  }

  if (isRoot)
    test('a Debian, as umoci unpacks it', async () => {
      const theirs = await unpackedByUmoci(inject('images').layout, 'debian');
      const ours = await seenInside(fixture('debian-zstd'), person);
      expect(Object.keys(ours).length).toBeGreaterThan(6000);
      expect(compared(ours)).toEqual(compared(theirs, {}, person));
    });

  test('sparse files, as GNU tar unpacks them, holes and all', async () => {
    const theirs = await unpackedByTar(inject('images').layout, 'sparse', person);
    const ours = await seenInside(fixture('sparse'), person);
    const files = Object.keys(theirs).filter((path) => path.startsWith('/sparse/'));
    expect(files).toHaveLength(6);
    for (const path of files) expect(ours[path], path).toEqual(theirs[path]);
    const where = '/sparse/gnu /sparse/pax-1.0 /sparse/pax-0.1 /sparse/pax-0.0 /sparse/hole';
    const words = ['run', '--network', 'none', fixture('sparse'), 'sh', '-c', `du -k ${where}`];
    const taken = (await succeed(words, person))
      .trim()
      .split('\n')
      .map((line) => parseInt(line, 10));
    // Of four mebibytes each three blocks are there.
    for (const kibibytes of taken) expect(kibibytes).toBeLessThan(64);
  });

  test('a hard link to a file of a lower layer is a file like it', async () => {
    const ours = await seenInside(fixture('link-to-lower'), person);
    const {content, mode, attributes} = ours['/kinds/big'] ?? {};
    expect(ours['/again']).toMatchObject({content, mode, attributes});
    const capability = ours['/kinds/capability'];
    expect(capability?.attributes).toMatch(/^security\.capability=%01/);
    expect(ours['/new-dir/capability']?.attributes).toBe(capability?.attributes);
  });

  test('what AUFS has left in a layer is no file of the image', async () => {
    const ours = await seenInside(fixture('foreign-metadata'), person);
    expect(Object.keys(ours).filter((path) => path.includes('.wh.'))).toEqual([]);
  });
});
