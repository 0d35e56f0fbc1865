// Layers that are odd, and no fault of anybody's: what becomes of each.
import {createHash} from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {constants} from 'node:os';
import {join} from 'node:path';
import {streamOf, writeLayer} from '../layer-stream.mjs';
import {demand, must, sanitized, withScratch} from '../tools.mjs';

const {ENOSPC, EROFS, ENOENT} = constants.errno;
const directory = (path, more = {}) => ({kind: 'directory', path, mode: 0o755, ...more});
const parent = (path) => ({kind: 'parent', path});
const file = (path, data = path, more = {}) => ({kind: 'file', path, data, ...more});
const link = (path, to) => ({kind: 'hardlink', path, link: to});
const symlink = (path, to) => ({kind: 'symlink', path, link: to});
const whiteout = (path) => ({kind: 'whiteout', path});
const opaque = (path) => ({kind: 'opaque', path});

/** What a layer of these frames is then, by `path: kind [what it holds] [opaque]`. */
const layers = [
  {
    what: 'a file that is written twice is the second',
    frames: [file('a', 'first'), file('a', 'second')],
    gives: {a: 'file second'},
  },
  {
    what: 'a file gives way to a directory, and back',
    frames: [file('a', 'x'), directory('a'), file('a/b', 'y'), file('a', 'z')],
    gives: {a: 'file z'},
  },
  {
    what: 'a directory stays with what is in it when it is said again',
    frames: [directory('a'), file('a/b'), directory('a', {mode: 0o700})],
    gives: {'a/b': 'file a/b'},
  },
  {
    what: 'a link gives way to a directory, and what it led to stays',
    frames: [directory('real'), file('real/a'), symlink('way', 'real'), directory('way')],
    gives: {way: 'directory', 'real/a': 'file real/a', 'way/a': 'nothing'},
  },
  {
    what: 'what is put behind a link lands where it leads',
    frames: [directory('real'), symlink('way', '/real'), file('way/a')],
    gives: {'real/a': 'file way/a', way: 'link /real'},
  },
  {
    what: 'a whiteout in the place of a directory of its own layer hides what is below it',
    frames: [directory('a'), whiteout('a')],
    gives: {a: 'directory opaque'},
  },
  {
    what: 'a whiteout of a file of its own layer leaves it',
    frames: [file('a'), whiteout('a')],
    gives: {a: 'file a'},
  },
  {
    what: 'a directory in the place of a whiteout hides what is below it',
    frames: [whiteout('a'), directory('a')],
    gives: {a: 'directory opaque'},
  },
  {
    what: 'so does one that is only on the way',
    frames: [whiteout('a'), parent('a'), file('a/b')],
    gives: {a: 'directory opaque', 'a/b': 'file a/b'},
  },
  {
    what: 'a file in the place of a whiteout is there',
    frames: [whiteout('a'), file('a')],
    gives: {a: 'file a'},
  },
  {
    what: 'a mark on a directory that comes later holds',
    frames: [parent('a'), opaque('a'), directory('a')],
    gives: {a: 'directory opaque'},
  },
  {
    what: 'the root itself can be opaque',
    frames: [opaque(''), file('a')],
    gives: {'': 'directory opaque'},
  },
  {
    what: 'a hard link to itself leaves the file',
    frames: [file('a'), link('a', 'a')],
    gives: {a: 'file a'},
  },
  {
    what: 'hard links may go in a circle where the file is',
    frames: [file('a'), link('b', 'a'), link('a', 'b'), link('b', 'a')],
    gives: {a: 'file a', b: 'file a'},
  },
  {
    what: 'hard links in a circle with no file lead nowhere',
    frames: [link('a', 'b'), link('b', 'a'), link('c', 'c')],
    gives: {a: 'nothing', b: 'nothing'},
    missing: [0, 1, 2],
  },
  {
    what: 'a hard link to what is gone leads nowhere',
    frames: [whiteout('a'), link('b', 'a')],
    gives: {b: 'nothing'},
    missing: [1],
  },
  {
    what: 'a hard link to a link is another name of the link',
    frames: [symlink('a', '/etc/shadow'), link('b', 'a')],
    gives: {b: 'link /etc/shadow'},
  },
  {
    what: 'files lie in a directory that nobody may enter',
    frames: [directory('a', {mode: 0}), file('a/b')],
    gives: {'a/b': 'file a/b'},
  },
  {
    what: 'a directory is settled only where it still is one',
    frames: [directory('a'), file('a'), {kind: 'settle', path: 'a'}, {kind: 'settle', path: 'b/c'}],
    gives: {a: 'file a'},
  },
];

export const layerChecks = [
  ...layers.map(({what, frames, gives, missing = []}) => ({
    name: `layers: ${what}`,
    needs: ['clang', 'getfattr'],
    root: true,
    run: () =>
      written(frames, ({place, ...ended}) => {
        demand(ended.status === 0, `ended with ${ended.status}: ${ended.errno} ${ended.detail}`);
        demand(String(ended.missing) === String(missing), `missing are ${ended.missing}`);
        for (const [path, expected] of Object.entries(gives)) {
          const is = kindOf(join(place, path));
          demand(is === expected, `${path} is ${is}`);
        }
      }),
  })),
  {
    name: 'layers: modes are as they are said, in directories that give their group away, too',
    ...{root: true, needs: ['clang']},
    run: () => {
      const modes = [0o644, 0o755, 0o4755, 0o2755, 0o6711, 0o1777, 0];
      const frames = [directory('a', {mode: 0o2775, gid: 50})];
      for (const mode of modes) {
        frames.push(file(`a/f${mode}`, '', {mode}), directory(`a/d${mode}`, {mode}));
        frames.push(file(`a/o${mode}`, '', {mode, uid: 7, gid: 8}));
      }
      return written(frames, ({place}) => {
        for (const mode of modes) {
          for (const [letter, uid, gid] of ['f 0 0', 'd 0 0', 'o 7 8'].map((of) => of.split(' '))) {
            const found = lstatSync(join(place, `a/${letter}${mode}`));
            const is = `${(found.mode & 0o7777).toString(8)} ${found.uid} ${found.gid}`;
            const expected = `${mode.toString(8)} ${uid} ${gid}`;
            demand(is === expected, `${letter} is ${is}, not ${expected}`);
          }
        }
      });
    },
  },
  {
    name: 'layers: a path of 4095 bytes is one',
    ...{root: true, needs: ['clang', 'rm']},
    run: () => {
      const parts = Array.from({length: 15}, (_, n) => String(n % 10).repeat(255));
      const path = [...parts, 'x'.repeat(255)].join('/');
      const parents = parts.map((_, n) => parent(parts.slice(0, n + 1).join('/')));
      return written([...parents, file(path, 'deep')], ({place, status, errno}) => {
        // From the host it is too long a way.
        must(0, 'rm', ['-r', place]);
        demand(path.length === 4095, `a path of ${path.length} bytes`);
        demand(status === 0, `ended with ${status}: ${errno}`);
      });
    },
  },
  {
    name: 'layers: a sparse file of many pieces holds each where it belongs',
    ...{root: true, needs: ['clang']},
    run: () => {
      const [stride, length, count] = [65_536, 60_011, 400];
      const whole = Buffer.alloc(stride * count);
      const sparse = Array.from({length: count}, (_, n) => ({offset: n * stride + 17, length}));
      const pieces = sparse.map(({offset}, n) => {
        whole.fill(n % 251, offset, offset + length);
        return whole.subarray(offset, offset + length);
      });
      const frame = file('sparse', Buffer.concat(pieces), {fileSize: whole.length, sparse});
      return written([frame, file('next')], ({place, status, errno}) => {
        demand(status === 0, `ended with ${status}: ${errno}`);
        const found = readFileSync(join(place, 'sparse'));
        demand(sumOf(found) === sumOf(whole), 'the data are others');
        demand(kindOf(join(place, 'next')) === 'file next', 'what follows is not there');
      });
    },
  },
  {
    name: 'layers: a full disk, and one that is read only, are told with the entry',
    ...{root: true, needs: ['clang', 'unshare', 'mount']},
    run: () =>
      withScratch(async (scratch) => {
        const big = await streamOf([file('small'), file('big', Buffer.alloc(1 << 20))]);
        const full = await writeLayer(scratch, sanitized, big, {mount: 'size=64k'});
        demand(full.errno === ENOSPC && full.detail === 'big', `${full.errno} ${full.detail}`);
        const fixed = await writeLayer(scratch, sanitized, big, {mount: 'ro'});
        demand(fixed.errno === EROFS && fixed.detail === 'small', `${fixed.errno} ${fixed.detail}`);
      }),
  },
  {
    name: 'layers: what is not said is as below, and a link to what is below copies it up',
    ...{root: true, needs: ['clang', 'getfattr', 'setfattr']},
    run: () =>
      withScratch(async (scratch) => {
        const lower = join(scratch, 'lower');
        mkdirSync(join(lower, 'a'), {recursive: true});
        writeFileSync(join(lower, 'a/file'), 'below');
        symlinkSync('/etc/shadow', join(lower, 'a/link'));
        must(0, 'setfattr', ['-n', 'user.kept', '-v', 'yes', join(lower, 'a')]);
        must(0, 'setfattr', ['-n', 'user.overlay.opaque', '-v', 'y', join(lower, 'a')]);
        chownSync(join(lower, 'a'), 3, 4);
        chmodSync(join(lower, 'a'), 0o1710);
        utimesSync(join(lower, 'a'), 5, 6);
        const stream = await streamOf([
          parent('a'),
          {kind: 'copyUp', path: 'a/file'},
          link('a/other', 'a/file'),
          {kind: 'copyUp', path: 'a/link'},
          link('way', 'a/link'),
          {kind: 'inherit', path: 'a'},
          {kind: 'inherit', path: 'nowhere'},
        ]);
        const {place, status, errno, detail} = await writeLayer(scratch, sanitized, stream, {
          lower,
        });
        demand(status === 0, `ended with ${status}: ${errno} ${detail}`);
        demand(kindOf(join(place, 'a/other')) === 'file below', 'the file was not copied');
        demand(lstatSync(join(place, 'a/file')).nlink === 2, 'it has no other name');
        demand(kindOf(join(place, 'way')) === 'link /etc/shadow', 'the link was not copied');
        const {mode, uid, gid, mtimeMs} = lstatSync(join(place, 'a'));
        const is = `${(mode & 0o7777).toString(8)} ${uid} ${gid} ${mtimeMs}`;
        demand(is === '1710 3 4 6000', `the directory is ${is}`);
        demand(attributesOf(join(place, 'a')) === 'user.kept', attributesOf(join(place, 'a')));
      }),
  },
  {
    name: 'layers: what this layer says is gone no link brings back, nor one to nowhere',
    ...{root: true, needs: ['clang']},
    run: () =>
      withScratch(async (scratch) => {
        const lower = join(scratch, 'lower');
        mkdirSync(lower);
        writeFileSync(join(lower, 'file'), 'below');
        const gone = [whiteout('file'), {kind: 'copyUp', path: 'file'}];
        const absent = [{kind: 'copyUp', path: 'absent'}];
        const lost = [link('other', 'absent')];
        for (const frames of [gone, absent, lost]) {
          const ended = await writeLayer(scratch, sanitized, await streamOf(frames), {lower});
          demand(ended.errno === ENOENT && ended.missing.length === 0, `${ended.errno}`);
        }
      }),
  },
];

function written(frames, look) {
  return withScratch(async (scratch) => {
    await look(await writeLayer(scratch, sanitized, await streamOf(frames)));
  });
}

function kindOf(path) {
  const status = lstatSync(path, {throwIfNoEntry: false});
  if (status === undefined) return 'nothing';
  if (status.isDirectory()) return `directory${isOpaque(path) ? ' opaque' : ''}`;
  if (status.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  return status.isFile() ? `file ${readFileSync(path)}` : `device ${status.rdev}`;
}

function isOpaque(path) {
  return attributesOf(path).includes('user.overlay.opaque');
}

function attributesOf(path) {
  const {stdout} = must(0, 'getfattr', ['--absolute-names', path]);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('user.'))
    .join();
}

function sumOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
