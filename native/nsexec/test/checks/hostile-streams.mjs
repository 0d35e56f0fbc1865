// Layers that are no stream of entries, one kind of fault each: refused, with nothing written beside
// the layer, by the program as it is published and by the one with sanitizers.
import {existsSync, lstatSync, mkdirSync} from 'node:fs';
import {constants} from 'node:os';
import {join} from 'node:path';
import {streamOf, writeLayer} from '../layer-stream.mjs';
import {demand, program, sanitized, withScratch} from '../tools.mjs';

const {EEXIST, EINVAL, EISDIR, ELOOP, ENOENT, ENOTDIR, EPIPE, EPROTO, EFBIG, ENAMETOOLONG} =
  constants.errno;
const magicBytes = 4;
/** Of a frame's header: where each field lies in it. */
const at = {
  size: 0,
  kind: 4,
  flags: 5,
  xattrs: 6,
  seconds: 24,
  fileSize: 40,
  path: 48,
  link: 52,
  extents: 56,
};
const headerBytes = 64;

const file = {kind: 'file', path: 'file', data: 'hello'};
const attributed = {...file, xattrs: new Map([['user.a', Buffer.from('b')]])};
const sparse = {
  kind: 'file',
  path: 'sparse',
  fileSize: 4096,
  sparse: [{offset: 100, length: 5}],
  data: 'hello',
};

/** What each does to the bytes of a stream of one entry, `frame`, and which errno says so. */
const mutations = {
  'no stream at all': [file, () => Buffer.alloc(0), EPIPE],
  'another magic number': [file, (bytes) => put32(bytes, 0, 0x3255434d, 0), EPROTO],
  'a frame of no length': [file, (bytes) => put32(bytes, at.size, 0), EPROTO],
  'a frame shorter than its header': [
    file,
    (bytes) => put32(bytes, at.size, headerBytes - 1),
    EPROTO,
  ],
  'a frame of its header alone': [file, (bytes) => put32(bytes, at.size, headerBytes), EPROTO],
  'a frame larger than any': [file, (bytes) => put32(bytes, at.size, (5 << 20) + 1), EPROTO],
  'a frame of 4 GiB': [file, (bytes) => put32(bytes, at.size, 0xffffffff), EPROTO],
  'a frame that takes all that follows': [file, (bytes) => put32(bytes, at.size, 1 << 20), EPIPE],
  'an unknown kind': [file, (bytes) => put8(bytes, at.kind, 0x7a), EPROTO],
  'kind 255': [file, (bytes) => put8(bytes, at.kind, 255), EPROTO],
  'a name of 4 GiB': [file, (bytes) => put32(bytes, at.path, 0xffffffff), EPROTO],
  'a name of PATH_MAX': [file, (bytes) => put32(bytes, at.path, 4096), EPROTO],
  'a name one byte longer': [file, (bytes) => put32(bytes, at.path, 5), EPROTO],
  'a name one byte shorter': [file, (bytes) => put32(bytes, at.path, 3), EPROTO],
  'a target longer than the frame': [file, (bytes) => put32(bytes, at.link, 4000), EPROTO],
  'more extents than bytes': [sparse, (bytes) => put32(bytes, at.extents, 0xffffffff), EPROTO],
  'an extent more than there is': [sparse, (bytes) => put32(bytes, at.extents, 2), EPROTO],
  'more attributes than bytes': [attributed, (bytes) => put16(bytes, at.xattrs, 0xffff), EPROTO],
  'an attribute whose name has no end': [
    attributed,
    (bytes) => put32(bytes, headerBytes + 6, 0xffffffff),
    EPROTO,
  ],
  'an attribute larger than its frame': [
    attributed,
    (bytes) => put32(bytes, headerBytes + 10, 0xfffffff0),
    EPROTO,
  ],
  'more data than follow': [file, (bytes) => put64(bytes, at.fileSize, 1n << 40n), EPIPE],
  'a negative size': [file, (bytes) => put64(bytes, at.fileSize, -1n), EPIPE],
  'less data than follow': [file, (bytes) => put64(bytes, at.fileSize, 1n), EPROTO],
  'a sparse file that is too small for its data': [
    sparse,
    (bytes) => put64(bytes, at.fileSize, 50n),
    EPROTO,
  ],
  'a sparse file of a negative size': [
    sparse,
    (bytes) => put64(bytes, at.fileSize, -1n),
    [EINVAL, EFBIG],
  ],
  'an extent that begins before the file': [sparse, (bytes) => extent(bytes, -1n, 5n), EPROTO],
  'an extent whose end wraps around': [sparse, (bytes) => extent(bytes, 100n, -50n), EPROTO],
  'an extent behind the end': [sparse, (bytes) => extent(bytes, 4096n, 1n), EPROTO],
};

/** Entries that are whole, and can or must not be made; `canary` is the way to what lies beside. */
const entries = (canary) => ({
  'a name that leads up': [[{...file, path: '../outside/canary'}], [ENOENT, ENOTDIR]],
  'an absolute name': [[{...file, path: `${canary}`}], [ENOENT]],
  'a name that is the root': [[{...file, path: ''}], [EEXIST, EISDIR, EINVAL]],
  'a name that is ..': [[{...file, path: 'a/..'}], [ENOENT]],
  'a part of a name that is too long': [[{...file, path: 'x'.repeat(256)}], [ENAMETOOLONG]],
  'a file through a link that leads up': [through('../outside', 'file'), [ENOENT, ENOTDIR]],
  'a file through an absolute link': [through(join(canary, '..'), 'file'), [ENOENT]],
  'a directory through a link out': [through('../outside', 'directory'), [ENOENT]],
  'a whiteout through a link out': [through('../outside', 'whiteout'), [ENOENT]],
  'a mark through a link out': [
    [
      {kind: 'symlink', path: 'way', link: '../outside'},
      {kind: 'opaque', path: 'way'},
    ],
    'EPERM',
  ],
  'a link that leads to itself': [through('way', 'file'), [ELOOP]],
  'a hard link to what is outside': [
    [
      {kind: 'symlink', path: 'way', link: join(canary, '..')},
      {kind: 'hardlink', path: 'stolen', link: 'way/canary'},
    ],
    'missing',
  ],
  'a hard link whose name leads up': [
    [{kind: 'hardlink', path: 'stolen', link: '../outside/canary'}],
    'missing',
  ],
  'a hard link to a directory': [
    [
      {kind: 'directory', path: 'directory', mode: 0o755},
      {kind: 'hardlink', path: 'other', link: 'directory'},
    ],
    [EISDIR],
  ],
  'a hard link into the directory that it takes the place of': [
    [
      {kind: 'directory', path: 'directory', mode: 0o755},
      {...file, path: 'directory/file'},
      {kind: 'hardlink', path: 'directory', link: 'directory/file'},
    ],
    'missing',
  ],
  'a file in a file': [[file, {...file, path: 'file/file'}], [ENOTDIR]],
});

export const hostileStreamChecks = [
  ...['published', 'sanitized'].map((which) => ({
    name: `refuses ${Object.keys(mutations).length} kinds of streams, ${which}`,
    ...how(which),
    run: () =>
      everyCase(Object.entries(mutations), async (scratch, [frame, mutate, expected]) => {
        const stream = mutate(await streamOf([frame]));
        await refused(await writeLayer(scratch, binaryOf(which), stream), [expected].flat());
      }),
  })),
  ...['published', 'sanitized'].map((which) => ({
    name: `contains what leads out of a layer, ${which}`,
    ...how(which),
    run: () =>
      everyCase(Object.entries(entries('/c')), async (scratch, _, what) => {
        const [frames, expected] = entries(join(scratch, 'outside/canary'))[what];
        const ended = await writeLayer(scratch, binaryOf(which), await streamOf(frames));
        if (expected === 'missing') {
          demand(ended.status === 0 && ended.missing.length === 1, `ended ${show(ended)}`);
        } else if (expected === 'EPERM') {
          await refused(ended, [constants.errno.EPERM]);
        } else {
          await refused(ended, expected);
        }
      }),
  })),
  {
    name: 'refuses a stream that ends at any byte before its end',
    ...how('sanitized'),
    run: () =>
      withScratch(async (scratch) => {
        const whole = await streamOf([
          {kind: 'directory', path: 'd', mode: 0o755},
          {...attributed, path: 'd/file'},
          {kind: 'symlink', path: 'l', link: 'd'},
        ]);
        for (let length = 0; length < whole.length; length += 1) {
          const target = join(scratch, 'target');
          mkdirSync(target, {recursive: true});
          const cut = whole.subarray(0, length);
          const ended = await writeLayer(scratch, sanitized, cut, {target});
          const isRefused = ended.status === 125 && ended.errno === EPIPE;
          demand(isRefused, `${length} of ${whole.length} bytes: ${show(ended)}`);
        }
        const ended = await writeLayer(scratch, sanitized, whole);
        demand(ended.status === 0, `whole: ${show(ended)}`);
        demand(lstatSync(join(ended.place, 'd/file')).size === 5, 'the file is not there');
        return `${whole.length} lengths`;
      }),
  },
];

function how(which) {
  return {root: true, needs: which === 'sanitized' ? ['clang'] : []};
}

function binaryOf(which) {
  return which === 'sanitized' ? sanitized : program;
}

async function everyCase(cases, check) {
  demand(existsSync(sanitized), 'make asan first');
  const failures = [];
  for (const [what, parts] of cases) {
    try {
      await withScratch((scratch) => check(scratch, parts, what));
    } catch (error) {
      failures.push(`${what}: ${error.message}`);
    }
  }
  demand(failures.length === 0, failures.join('\n'));
}

async function refused(ended, errnos) {
  const {status, errno, missing} = ended;
  demand(status === 125 && errnos.includes(errno) && missing.length === 0, `ended ${show(ended)}`);
}

function show({status, errno, detail, missing}) {
  return `with ${status}: errno ${errno} ${detail}, ${missing.length} missing`;
}

function through(link, kind) {
  const data = kind === 'file' ? {data: 'x'} : {};
  return [
    {kind: 'symlink', path: 'way', link},
    {kind, path: 'way/canary', ...data},
  ];
}

function put8(bytes, offset, value) {
  bytes.writeUInt8(value, magicBytes + offset);
  return bytes;
}

function put16(bytes, offset, value) {
  bytes.writeUInt16LE(value, magicBytes + offset);
  return bytes;
}

function put32(bytes, offset, value, base = magicBytes) {
  bytes.writeUInt32LE(value, base + offset);
  return bytes;
}

function put64(bytes, offset, value) {
  bytes.writeBigInt64LE(value, magicBytes + offset);
  return bytes;
}

/** Behind the name `sparse` and an empty target, each with its NUL. */
function extent(bytes, offset, length) {
  const first = headerBytes + 'sparse'.length + 2;
  return put64(put64(bytes, first, offset), first + 8, length);
}
