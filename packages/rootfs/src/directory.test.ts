import {mountAttribute, type Operation, operations as table} from '@minicontainer/plan';
import {describe, expect, test} from 'vitest';
import type {Builder} from './contribution.ts';
import {directoryRoot, overlayRoot} from './directory.ts';

const shifting: Builder = {
  hostRoot: true,
  userNamespace: true,
  diskDirectory: '/state/rw',
  readOnly: false,
};
const user: Builder = {...shifting, hostRoot: false};
const files = {hostname: 'box'};

function find(operations: readonly Operation[], op: Operation['op'], words = ''): Operation {
  const found = operations.find(
    (some) =>
      some.op === op &&
      Object.values<unknown>(some.args).some((arg) => String(arg).includes(words)),
  );
  if (found === undefined) throw new Error(`no ${op} with ${words}`);
  return found;
}

describe('a directory as root', () => {
  test('is cloned and shifted by whoever may', () => {
    const {root} = directoryRoot('/srv/alpine', shifting, files);
    expect(root.map(({stage, op}) => `${stage} ${op}`)).toEqual([
      'prepare openTree',
      'prepare mountAttributes',
      'attach idmapMount',
      'build mountAttributes',
      'build attachMount',
    ]);
    expect(find(root, 'openTree').args).toMatchObject({path: '/srv/alpine', to: 'root'});
  });

  test('is cloned by a user inside, with owners as they are', () => {
    const {root} = directoryRoot('/srv/alpine', user, files);
    expect(root.map(({stage, op}) => `${stage} ${op}`)).toEqual([
      'build openTree',
      'build mountAttributes',
      'build attachMount',
    ]);
  });

  test.each([shifting, user])('opens no device of the host', (builder) => {
    const {root} = directoryRoot('/srv/alpine', builder, files);
    expect(find(root, 'mountAttributes', String(mountAttribute.noDev)).args).toMatchObject({
      mount: 'root',
      recursive: true,
    });
  });

  test('gets files of ours bound over its own, and none where it has none', () => {
    const covered = directoryRoot('/srv/alpine', user, files).files;
    const attached = covered.filter(({op}) => op === 'attachMount');
    expect(attached.map(({args}) => Object.values(args)[2])).toEqual(['etc/hostname', 'etc/hosts']);
    for (const some of attached) {
      expect(some).toMatchObject({
        args: {root: 'root', create: false, file: true},
        optional: ['ENOENT', 'ENOTDIR'],
      });
    }
    const written = covered.filter(({op}) => op === 'writeFile');
    for (const some of written) expect(some.args).toMatchObject({root: 'scratch'});
  });
});

describe('an overlay as root', () => {
  test.each([
    ['/plain', '/plain'],
    ['/with:colon', '/with\\:colon'],
    ['/with\\backslash', '/with\\\\backslash'],
    ['/a:b\\c', '/a\\:b\\\\c'],
    ['/space and ü', '/space and ü'],
  ])('takes %s for one directory', (path, escaped) => {
    const {root} = overlayRoot(path, user, files);
    expect(find(root, 'createMount', 'overlay').args).toMatchObject({
      options: [`lowerdir=${escaped}`, 'upperdir=root/upper', 'workdir=root/work', 'userxattr'],
      directory: 'rw',
      to: 'root',
    });
  });

  test('names no path of the host where a clone of it is hung', () => {
    const {root} = overlayRoot('/a:b', shifting, files);
    expect(find(root, 'createMount', 'overlay').args).toMatchObject({
      options: ['lowerdir=root/lower', 'upperdir=root/upper', 'workdir=root/work', 'userxattr'],
    });
    expect(find(root, 'openTree', '/a:b').stage).toBe('prepare');
  });

  test.each([['/with,comma'], [`/${'long'.repeat(64)}`], [`/${'::'.repeat(64)}`]])(
    'names %s, which no option could hold, by a short name',
    (path) => {
      const {root} = overlayRoot(path, user, files);
      expect(find(root, 'openTree', path)).toMatchObject({
        stage: 'build',
        args: {to: 'lower-root', recursive: false},
      });
      expect(find(root, 'attachMount', 'root/lower').args).toMatchObject({mount: 'lower-root'});
      expect(find(root, 'createMount', 'overlay').args).toMatchObject({
        options: ['lowerdir=root/lower', 'upperdir=root/upper', 'workdir=root/work', 'userxattr'],
      });
    },
  );

  test('asks whether the disk can be the upper layer, where memory cannot', () => {
    for (const builder of [shifting, user]) {
      const {root} = overlayRoot('/srv/alpine', builder, files);
      const [first, second] = root.filter(({op}) => op === 'setXattr');
      expect(first).toHaveProperty('optional');
      expect(second).not.toHaveProperty('optional');
    }
  });

  test('is never replaced by something else in silence', () => {
    for (const builder of [shifting, user]) {
      const {root} = overlayRoot('/srv/alpine', builder, files);
      expect(find(root, 'createMount', 'overlay')).not.toHaveProperty('optional');
      expect(root.at(-1)).toMatchObject({op: 'attachMount', args: {mount: 'root'}});
    }
  });
});

test('every operation is in a stage that may have it, and has its reason', () => {
  for (const builder of [shifting, user]) {
    for (const make of [directoryRoot, overlayRoot]) {
      const {root, files: own} = make('/srv/alpine', builder, files);
      for (const {op, stage, why} of [...root, ...own]) {
        expect(table[op].stages).toContain(stage);
        expect(why).not.toBe('');
      }
    }
  }
});
