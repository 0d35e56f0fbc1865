import type {TarHeader} from '@minicontainer/tar';
import {describe, expect, it} from 'vitest';
import type {Frame} from './frame.ts';
import {type JudgeOptions, LayerJudge} from './judge.ts';
import {ownerAttribute} from './owners.ts';

const root: JudgeOptions = {mayMakeDevices: true};
const single = {uidMappings: [one()], gidMappings: [one()]};
const user: JudgeOptions = {mayMakeDevices: false, userNamespace: single};

function one() {
  return {containerID: 0, hostID: 1000, size: 1};
}

function header(path: string, fields: Partial<TarHeader> = {}): TarHeader {
  return {
    type: 'file',
    path,
    linkPath: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    fileSize: 0,
    mtimeSeconds: 1,
    mtimeNanoseconds: 2,
    deviceMajor: 0,
    deviceMinor: 0,
    xattrs: new Map(),
    ...fields,
  };
}

const directory = (path: string, fields: Partial<TarHeader> = {}) =>
  header(path, {type: 'directory', mode: 0o755, ...fields});

function xattrs(names: readonly string[], value = 'x'): ReadonlyMap<string, Buffer> {
  return new Map(names.map((name) => [name, Buffer.from(value)]));
}

/** Frames by kind and path, in their order. */
function judge(headers: readonly TarHeader[], options: JudgeOptions = root): string[] {
  return framesOf(headers, options).map(({kind, path}) => `${kind} ${path}`);
}

function framesOf(headers: readonly TarHeader[], options: JudgeOptions = root): Frame[] {
  const judging = new LayerJudge(options);
  return headers.flatMap((one) => judging.judge(one));
}

function frameOf(one: TarHeader, options: JudgeOptions = root): Frame | undefined {
  return framesOf([one], options).at(-1);
}

describe('what an archive holds', () => {
  it.each([
    ['a file', [header('a')], ['file a']],
    [
      'a file below directories that are not said',
      [header('a/b/c')],
      ['parent a', 'parent a/b', 'file a/b/c'],
    ],
    [
      'files in one directory',
      [header('a/b'), header('a/c')],
      ['parent a', 'file a/b', 'file a/c'],
    ],
    [
      'a directory, then a file in it',
      [directory('a/'), header('a/b')],
      ['directory a', 'file a/b'],
    ],
    ['the root', [directory('./')], ['directory ']],
    ['names with a slash or dots before them', [header('/a'), header('./b')], ['file a', 'file b']],
    [
      'an empty directory that is then said',
      [header('a/b'), directory('a')],
      ['parent a', 'file a/b', 'directory a'],
    ],
    ['links', [header('a', {type: 'symlink', linkPath: '/../etc'})], ['symlink a']],
    ['a hard link', [header('a', {type: 'hardlink', linkPath: './b'})], ['hardlink a']],
    ['a pipe', [header('a', {type: 'fifo'})], ['device a']],
    ['a device', [header('a', {type: 'character', deviceMajor: 1, deviceMinor: 3})], ['device a']],
    ['a disk of number 0:0', [header('a', {type: 'block'})], ['device a']],
    ['a whiteout', [header('a/.wh.b')], ['parent a', 'whiteout a/b']],
    ['a whiteout in the root', [header('.wh.b')], ['whiteout b']],
    ['a whiteout that is a directory', [directory('.wh.b/')], ['whiteout b']],
    ['a whiteout of a name that begins as one', [header('.wh.x.wh.')], ['whiteout x.wh.']],
    [
      'an opaque directory, before what is in it',
      [header('a/.wh..wh..opq'), header('a/b')],
      ['parent a', 'opaque a', 'file a/b'],
    ],
    [
      'an opaque directory, after it',
      [directory('a'), header('a/b'), header('a/.wh..wh..opq')],
      ['directory a', 'file a/b', 'opaque a'],
    ],
    ['an opaque root', [header('.wh..wh..opq')], ['opaque ']],
    [
      'what AUFS keeps',
      [directory('.wh..wh.plnk'), header('.wh..wh.plnk/1.2'), header('.wh..wh.aufs')],
      [],
    ],
    ['a name with a mark inside', [header('a.wh.b')], ['file a.wh.b']],
    [
      'a directory that a file replaces, and is made anew',
      [directory('a'), directory('a/b'), header('a'), directory('a'), header('a/b/c')],
      ['directory a', 'directory a/b', 'file a', 'directory a', 'parent a/b', 'file a/b/c'],
    ],
  ])('%s', (_, headers, frames) => {
    expect(judge(headers)).toEqual(frames);
  });

  it('gives directories their times last, and not those that something has replaced', () => {
    const judging = new LayerJudge(root);
    const entries = [
      directory('a', {mtimeSeconds: 7}),
      directory('b'),
      directory('b/c'),
      header('b'),
    ];
    for (const entry of entries) judging.judge(entry);
    expect(judging.settle()).toEqual([
      {kind: 'settle', path: 'a', mtimeSeconds: 7, mtimeNanoseconds: 2},
    ]);
  });

  it('knows which directories it does not describe, and whether it describes the root', () => {
    const judging = new LayerJudge(root);
    for (const entry of [header('a/b/c'), directory('a'), header('.wh.x')]) judging.judge(entry);
    expect(judging.implicitDirectories()).toEqual(['a/b']);
    expect(judging.describesRoot).toBe(false);
    judging.judge(directory('./'));
    expect(judging.describesRoot).toBe(true);
  });

  it('keeps what is said of a file', () => {
    const sparse = [{offset: 4096, length: 10}];
    const found = frameOf(
      header('a', {mode: 0o104_755, uid: 3, gid: 4, fileSize: 2 ** 33, sparse}),
    );
    expect(found).toEqual({
      ...{kind: 'file', path: 'a', mode: 0o4755, uid: 3, gid: 4},
      ...{mtimeSeconds: 1, mtimeNanoseconds: 2, fileSize: 2 ** 33, sparse},
    });
  });

  it('says the type of a device with its mode, and no number of a pipe', () => {
    const numbers = {deviceMajor: 8, deviceMinor: 1};
    const disk = frameOf(header('a', {type: 'block', mode: 0o660, ...numbers}));
    expect(disk).toMatchObject({mode: 0o60_660, ...numbers});
    const pipe = frameOf(header('a', {type: 'fifo', mode: 0o600, ...numbers}));
    expect(pipe).toMatchObject({mode: 0o10_600});
    expect(pipe).not.toHaveProperty('deviceMajor');
  });
});

describe('an entry is refused', () => {
  const link = (linkPath: string, type: TarHeader['type'] = 'hardlink') =>
    header('a', {type, linkPath});
  it.each([
    ['that leads up', header('../a'), 'its name leads up by ..'],
    ['whose directory leads up', header('a/../../b'), 'its name leads up by ..'],
    ['that is the root, and a file', header('./'), 'its name is the root, which is a directory'],
    [
      'that is the root, and a link',
      header('/', {type: 'symlink', linkPath: '/etc'}),
      'is the root',
    ],
    ['with a name that is too long', header('a'.repeat(256)), 'a part of more than 255 bytes'],
    ['that links up', link('../../etc/shadow'), 'its target leads up by ..'],
    ['that links to the root', link('/'), 'its target is the root'],
    ['that links to a whiteout', link('b/.wh.c'), 'its target is a mark, not a file'],
    [
      'that links into what it replaces',
      link('a/b'),
      'its target lies in what it takes the place of',
    ],
    ['with an empty link', link('', 'symlink'), 'its target is empty'],
    ['with a link that is too long', link('x'.repeat(4096), 'symlink'), 'its target is too long'],
    ['with a NUL in its link', link('a\0b', 'symlink'), 'its target holds a NUL byte'],
    ['that says that nothing is gone', header('a/.wh.'), 'its name says that nothing'],
    ['that says that . is gone', header('a/.wh..'), 'or a directory above, is gone'],
    ['that says that .. is gone', header('a/.wh...'), 'or a directory above, is gone'],
    ['in what is said to be gone', header('.wh.a/b'), 'its name lies in what is said to be gone'],
    [
      'that is opaque in what is gone',
      header('.wh.a/.wh..wh..opq'),
      'lies in what is said to be gone',
    ],
    ['that is a raw whiteout', header('a', {type: 'character'}), 'its device is 0:0'],
    [
      'with a device of no number',
      header('a', {type: 'block', deviceMajor: 4096}),
      'a number that there is not',
    ],
    ['with an owner of no id', header('a', {uid: 0xffff_ffff}), 'its owner is no id'],
    ['with a negative group', header('a', {gid: -1}), 'its owner is no id'],
    [
      'with a size beyond all bounds',
      header('a', {fileSize: 2 ** 60}),
      'its size is beyond all bounds',
    ],
    [
      'with a file of too many parts',
      header('a', {sparse: Array(200_001).fill({offset: 0, length: 0})}),
      'more than 200000 parts',
    ],
    [
      'with an attribute that is too large',
      header('a', {xattrs: xattrs(['user.a'], 'x'.repeat(65_537))}),
      'extended attributes are larger',
    ],
    [
      'with the name of one that is too long',
      header('a', {xattrs: xattrs([`user.${'a'.repeat(251)}`])}),
      'extended attributes are larger',
    ],
    [
      'with too many attributes',
      header('a', {
        xattrs: xattrs(
          Array.from({length: 9000}, (_, n) => `user.${n}`),
          '',
        ),
      }),
      'extended attributes are larger',
    ],
    [
      'with too much in its attributes',
      header('a', {
        xattrs: xattrs(
          Array.from({length: 20}, (_, n) => `user.${n}`),
          'x'.repeat(60_000),
        ),
      }),
      'extended attributes are larger',
    ],
  ])('%s', (_, entry, problem) => {
    expect(() => judge([entry])).toThrow(problem);
    expect(() => judge([entry])).toThrow(expect.objectContaining({code: 'EUNPACK'}));
  });

  it('when there are too many', () => {
    const options = {...root, entryLimit: 2};
    expect(judge([header('a'), header('b')], options)).toHaveLength(2);
    expect(() => judge([header('a'), header('b'), header('c')], options)).toThrow('"c"');
  });

  it('when too many directories give way to files', () => {
    const judging = new LayerJudge(root);
    for (let n = 0; n < 5_000; n += 1) judging.judge(directory(`d${n}`));
    expect(() => {
      for (let n = 0; n < 5_000; n += 1) judging.judge(header(`d${n}`));
    }).toThrow('too many');
  });
});

describe('attributes', () => {
  it('are kept where they are a file’s own, and where they are not an image’s to say, dropped', () => {
    const kept = ['security.capability', 'user.mime', 'user.overlayed'];
    const dropped = [
      ...['trusted.overlay.opaque', 'user.overlay.opaque', 'user.overlay.whiteout', 'trusted.x'],
      ...['security.selinux', 'security.ima', 'system.posix_acl_access', 'user.', 'x'],
      ...['user.minicontainer.owner', 'user.overlay.', 'security.capabilityx'],
    ];
    const found = frameOf(header('a', {xattrs: xattrs([...kept, ...dropped])}));
    expect([...(found?.xattrs?.keys() ?? [])]).toEqual(kept);
  });
});

describe('of a plain user with one id', () => {
  it('devices are left out, and counted; pipes are not', () => {
    const judging = new LayerJudge(user);
    const device = header('a', {type: 'character', deviceMajor: 1, deviceMinor: 3});
    expect(judging.judge(device)).toEqual([]);
    expect(judging.judge(header('b', {type: 'fifo'}))).toHaveLength(1);
    expect(judging.omissions).toEqual({devices: 1, squashedOwners: 0});
  });

  it('other owners are remembered in an attribute, but of links, which have none', () => {
    const judging = new LayerJudge(user);
    const owner = {uid: 0, gid: 42};
    const [file] = judging.judge(header('a', owner));
    const [link] = judging.judge(header('b', {type: 'symlink', linkPath: 'a', ...owner}));
    expect(file).toMatchObject({uid: 0, gid: 0});
    expect(file?.xattrs?.get(ownerAttribute)?.toString()).toBe('0:42');
    expect(link).toMatchObject({uid: 0, gid: 0});
    expect(link?.xattrs).toBeUndefined();
    expect(judging.omissions.squashedOwners).toBe(2);
  });
});
