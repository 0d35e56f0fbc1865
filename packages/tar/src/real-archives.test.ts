import {execFileSync} from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type TarHeader, TarParser} from './index.ts';

const long = `${'a-rather-long-directory-name/'.repeat(6)}file-${'x'.repeat(120)}`;
const umlaut = 'übergrößenträger';
const byteName = (text: string) => Buffer.from(text).toString('latin1');
let place: string;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'minicontainer-tar-'));
  const tree = join(place, 'tree');
  mkdirSync(join(tree, long, '..'), {recursive: true});
  writeFileSync(join(tree, 'plain'), 'plain\n', {mode: 0o640});
  writeFileSync(join(tree, umlaut), '');
  writeFileSync(join(tree, long), 'long');
  writeFileSync(join(tree, 'old'), 'old');
  execFileSync('touch', ['-d', '@-1234.5', join(tree, 'old')]);
  symlinkSync(long, join(tree, 'link'));
  linkSync(join(tree, 'plain'), join(tree, 'zhard'));
  execFileSync('mkfifo', [join(tree, 'pipe')]);
  sparseFile(join(tree, 'sparse'));
});

afterAll(() => rmSync(place, {recursive: true, force: true}));

describe.each(['gnu', 'oldgnu', 'pax', 'posix'])('an archive of GNU tar, --format=%s', (format) => {
  it('has names of any length and kinds of files as they are', () => {
    const entries = read(tar([`--format=${format}`]));
    expect(entries.get('./plain')).toMatchObject({type: 'file', mode: 0o640, data: 'plain\n'});
    expect(entries.get(`./${long}`)).toMatchObject({type: 'file', data: 'long'});
    expect(entries.get(`./${byteName(umlaut)}`)).toMatchObject({type: 'file', size: 0});
    expect(entries.get('./link')).toMatchObject({type: 'symlink', linkPath: long, mode: 0o777});
    expect(entries.get('./zhard')).toMatchObject({type: 'hardlink', linkPath: './plain'});
    expect(entries.get('./pipe')).toMatchObject({type: 'fifo'});
    expect(entries.get('./')).toMatchObject({type: 'directory'});
  });

  it('has times before 1970, to the nanosecond where the format has them', () => {
    const withFraction = format === 'pax' || format === 'posix';
    expect(read(tar([`--format=${format}`])).get('./old')).toMatchObject(
      withFraction
        ? {mtimeSeconds: -1235, mtimeNanoseconds: 500_000_000}
        : {mtimeSeconds: -1235, mtimeNanoseconds: 0},
    );
  });
});

describe.each([
  ['--format=gnu'],
  ['--format=pax', '--sparse-version=0.0'],
  ['--format=pax', '--sparse-version=0.1'],
  ['--format=pax', '--sparse-version=1.0'],
])('a sparse file of GNU tar, %s %s', (...options) => {
  it('has its data at its places', () => {
    const entry = read(tar(['--sparse', '--hole-detection=raw', ...options])).get('./sparse');
    expect(entry).toMatchObject({type: 'file', fileSize: 8 << 20});
    expect(entry?.size).toBeLessThan(200_000);
    expect(entry?.sparse?.length).toBeGreaterThan(25);
    const original = readFileSync(join(place, 'tree', 'sparse'));
    expect(entry !== undefined && expand(entry).equals(original)).toBe(true);
  });
});

describe.each(['v7', 'ustar'])('an archive of GNU tar, --format=%s', (format) => {
  it('is read', () => {
    const entries = read(tar([`--format=${format}`], ['./plain', './link-short']));
    expect(entries.get('./plain')).toMatchObject({data: 'plain\n'});
    expect(entries.get('./link-short')).toMatchObject({type: 'symlink', linkPath: 'plain'});
  });

  beforeAll(() => {
    rmSync(join(place, 'tree', 'link-short'), {force: true});
    symlinkSync('plain', join(place, 'tree', 'link-short'));
  });
});

it('reads a path that GNU tar has split for ustar', () => {
  const path = `${'d'.repeat(90)}/${'e'.repeat(50)}/${'f'.repeat(80)}`;
  mkdirSync(join(place, 'split', path, '..'), {recursive: true});
  writeFileSync(join(place, 'split', path), 'split');
  const archive = execFileSync('tar', ['-C', join(place, 'split'), '--format=ustar', '-c', path]);
  expect(read(archive).get(path)).toMatchObject({data: 'split'});
});

it('reads numbers of GNU tar in base 256', () => {
  const archive = tar(
    ['--format=gnu', '--owner=:4000000000', '--group=:3000000', '--mtime=@99999999999'],
    ['./plain'],
  );
  expect(read(archive).get('./plain')).toMatchObject({
    uid: 4_000_000_000,
    gid: 3_000_000,
    mtimeSeconds: 99_999_999_999,
  });
});

it('reads owners of GNU tar from a global PAX header', () => {
  const options = ['--format=pax', '--pax-option=uid=77,gid=3000000'];
  expect(read(tar(options, ['./plain'])).get('./plain')).toMatchObject({
    uid: 77,
    gid: 3_000_000,
  });
});

it('reads what Python wrote, with attributes in both spellings', () => {
  const script = `
import tarfile, sys, io
with tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.PAX_FORMAT) as archive:
    one = tarfile.TarInfo('one')
    one.size = 3
    one.mtime = 1.25
    one.pax_headers = {'SCHILY.xattr.user.a': 'raw', 'LIBARCHIVE.xattr.user.b%3d%25': 'AAEC', 'comment': 'no'}
    archive.addfile(one, io.BytesIO(b'abc'))
    two = tarfile.TarInfo('dév')
    two.type = tarfile.CHRTYPE
    two.devmajor, two.devminor = 1, 300
    archive.addfile(two)
`;
  const entries = read(execFileSync('python3', ['-c', script]));
  expect(entries.get('one')).toMatchObject({data: 'abc', mtimeNanoseconds: 250_000_000});
  expect([...(entries.get('one')?.xattrs ?? [])]).toEqual([
    ['user.a', Buffer.from('raw')],
    ['user.b=%', Buffer.from([0, 1, 2])],
  ]);
  expect(entries.get(byteName('dév'))).toMatchObject({
    type: 'character',
    deviceMajor: 1,
    deviceMinor: 300,
  });
});

it('reads attributes as GNU tar --xattrs keeps them', () => {
  const file = join(place, 'tree', 'attributed');
  writeFileSync(file, 'x');
  execFileSync('python3', [
    '-c',
    `import os; os.setxattr(${JSON.stringify(file)}, 'user.binary', bytes([0, 10, 255, 61]))`,
  ]);
  const entry = read(tar(['--format=pax', '--xattrs'], ['./attributed'])).get('./attributed');
  expect(entry?.xattrs.get('user.binary')).toEqual(Buffer.from([0, 10, 255, 61]));
});

function tar(options: readonly string[], names: readonly string[] = ['.']): Buffer {
  const args = ['-C', join(place, 'tree'), '--sort=name', ...options, '-c', ...names];
  return execFileSync('tar', args, {maxBuffer: 64 << 20});
}

// Thirty pieces: more than a header and an extension block of the old GNU format hold together.
function sparseFile(path: string): void {
  const fd = openSync(path, 'w');
  ftruncateSync(fd, 8 << 20);
  for (let piece = 1; piece <= 30; piece++) writeSync(fd, `piece ${piece}`, piece * 200_000);
  closeSync(fd);
}

function expand({sparse = [], data, fileSize}: Entry): Buffer {
  const whole = Buffer.alloc(fileSize);
  let position = 0;
  for (const {offset, length} of sparse) {
    whole.write(data.slice(position, position + length), offset, 'latin1');
    position += length;
  }
  return whole;
}

type Entry = TarHeader & {data: string};

function read(archive: Buffer): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let current: Entry | undefined;
  const parser = new TarParser({
    header: (header) => {
      current = {...header, data: ''};
      entries.set(header.path, current);
    },
    data: (chunk) => {
      if (current !== undefined) current.data += chunk.toString('latin1');
    },
    endOfEntry: () => {
      expect(current?.data.length).toBe(current?.size);
    },
  });
  parser.write(archive);
  parser.end();
  return entries;
}
