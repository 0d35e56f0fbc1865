import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Frame, FrameWriter, kinds} from './frame.ts';

type Sent = Frame & {readonly data?: Buffer};

/** What is sent, in the pieces that it is written in. */
function send(frames: readonly Sent[]): Buffer[] {
  const pieces: Buffer[] = [];
  const writer = new FrameWriter((bytes) => pieces.push(Buffer.from(bytes)));
  for (const {data, ...frame} of frames) {
    writer.frame(frame);
    if (data !== undefined) writer.data(data);
  }
  writer.end();
  return pieces;
}

/** As native/nsexec/src/unpack-stream.c reads it. */
function receive(bytes: Buffer): unknown[] {
  expect(bytes.toString('latin1', 0, 4)).toBe('MCU1');
  const frames: unknown[] = [];
  for (let at = 4; ; ) {
    const end = at + bytes.readUInt32LE(at);
    const kind = bytes.readUInt8(at + 4);
    if (kind === kinds.end) {
      expect(end).toBe(bytes.length);
      return frames;
    }
    const frame = readFrame(bytes, at, kind);
    at = end + frame.dataBytes;
    frames.push({...frame.fields, data: bytes.toString('latin1', end, at)});
  }
}

function readFrame(bytes: Buffer, start: number, kind: number) {
  let at = start + 64;
  const text = (length: number) => {
    const found = bytes.toString('latin1', at, at + length);
    expect(bytes[at + length]).toBe(0);
    at += length + 1;
    return found;
  };
  const number = () => {
    at += 8;
    return Number(bytes.readBigInt64LE(at - 8));
  };
  const [path, link] = [48, 52].map((offset) => text(bytes.readUInt32LE(start + offset)));
  const sparse = Array.from({length: bytes.readUInt32LE(start + 56)}, () => ({
    offset: number(),
    length: number(),
  }));
  const xattrs = Array.from({length: bytes.readUInt16LE(start + 6)}, () => {
    const [nameBytes, valueBytes] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    at += 8;
    const name = text(nameBytes);
    at += valueBytes;
    return [name, bytes.toString('latin1', at - valueBytes, at)];
  });
  expect(at).toBe(start + bytes.readUInt32LE(start));
  const isSparse = bytes.readUInt8(start + 5) === 1;
  const fileSize = Number(bytes.readBigInt64LE(start + 40));
  const [mode, uid, gid, mtimeNanoseconds] = [8, 12, 16, 20].map((offset) =>
    bytes.readUInt32LE(start + offset),
  );
  const fields = {
    ...{kind, path, link, sparse: isSparse ? sparse : undefined, xattrs, fileSize},
    ...{mode, uid, gid, mtimeNanoseconds},
    mtimeSeconds: Number(bytes.readBigInt64LE(start + 24)),
    device: [bytes.readUInt32LE(start + 32), bytes.readUInt32LE(start + 36)],
  };
  const extents = sparse.reduce((sum, {length}) => sum + length, 0);
  const dataBytes = kind !== kinds.file ? 0 : isSparse ? extents : fileSize;
  return {fields, dataBytes};
}

function expected({data, kind, xattrs, ...frame}: Sent) {
  return {
    kind: kinds[kind],
    path: frame.path,
    link: frame.link ?? '',
    sparse: frame.sparse,
    xattrs: [...(xattrs ?? [])].map(([name, value]) => [
      name,
      Buffer.from(value).toString('latin1'),
    ]),
    fileSize: frame.fileSize ?? 0,
    mode: frame.mode ?? 0,
    uid: frame.uid ?? 0,
    gid: frame.gid ?? 0,
    mtimeSeconds: frame.mtimeSeconds ?? 0,
    mtimeNanoseconds: frame.mtimeNanoseconds ?? 0,
    device: [frame.deviceMajor ?? 0, frame.deviceMinor ?? 0],
    data: data?.toString('latin1') ?? '',
  };
}

const bytes = (maxLength: number) => fc.uint8Array({maxLength}).map((array) => Buffer.from(array));
const name = bytes(300).map((found) => found.toString('latin1').replaceAll('\0', '/'));
const id = fc.integer({min: 0, max: 0xffff_ffff});
const integer = fc.maxSafeInteger();
const metadata = {
  path: name,
  mode: fc.integer({min: 0, max: 0o177_777}),
  uid: id,
  gid: id,
  mtimeSeconds: integer,
  mtimeNanoseconds: fc.integer({min: 0, max: 999_999_999}),
  xattrs: fc.array(fc.tuple(name, bytes(200)), {maxLength: 5}).map((pairs) => new Map(pairs)),
};
const file: fc.Arbitrary<Sent> = fc
  .record({...metadata, data: bytes(100_000)})
  .map((found) => ({kind: 'file', fileSize: found.data.length, ...found}));
const sparseFile: fc.Arbitrary<Sent> = fc
  .record({...metadata, offsets: fc.array(fc.maxSafeNat(), {maxLength: 20}), fileSize: integer})
  .map(({offsets, ...found}) => ({
    kind: 'file',
    sparse: offsets.map((offset) => ({offset, length: 3})),
    data: Buffer.alloc(offsets.length * 3, 'abc'),
    ...found,
  }));
const other: fc.Arbitrary<Sent> = fc.record({
  kind: fc.constantFrom('directory', 'symlink', 'hardlink', 'device', 'whiteout', 'copyUp'),
  link: name,
  deviceMajor: fc.integer({min: 0, max: 0xfff}),
  deviceMinor: fc.integer({min: 0, max: 0xf_ffff}),
  ...metadata,
});

describe('frames', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(file, sparseFile, other), {maxLength: 30}), (frames) => {
        expect(receive(Buffer.concat(send(frames)))).toEqual(frames.map(expected));
      }),
      {numRuns: 60},
    );
  });

  it.each([
    ['a time before 1970', {mtimeSeconds: -1, mtimeNanoseconds: 999_999_999}],
    ['a time before 1900', {mtimeSeconds: -4_294_967_297}],
    ['the earliest time', {mtimeSeconds: Number.MIN_SAFE_INTEGER}],
    ['a size just beyond 4 GiB', {fileSize: 2 ** 32 + 1}],
    ['the largest size', {fileSize: Number.MAX_SAFE_INTEGER}],
  ])('hold %s', (_, fields) => {
    const frame: Frame = {kind: 'symlink', path: 'a', ...fields};
    expect(receive(Buffer.concat(send([frame])))).toEqual([expected(frame)]);
  });

  it('are gathered in pieces, one system call for many', () => {
    const frames = Array.from({length: 10_000}, (_, n): Frame => ({kind: 'parent', path: `d${n}`}));
    expect(send(frames).length).toBeLessThan(5);
  });

  it('hold one that is larger than a piece', () => {
    const xattrs = new Map([['user.large', Buffer.alloc(600_000, 1)]]);
    const frame: Frame = {kind: 'directory', path: 'a', xattrs};
    const after: Frame = {kind: 'parent', path: 'b'};
    expect(receive(Buffer.concat(send([frame, after])))).toEqual([
      expected(frame),
      expected(after),
    ]);
  });

  it('pass large data on without a copy', () => {
    const data = Buffer.alloc(1 << 20, 7);
    const written: Buffer[] = [];
    const writer = new FrameWriter((piece) => written.push(piece));
    writer.frame({kind: 'file', path: 'a', fileSize: data.length});
    writer.data(data);
    expect(written.at(-1)).toBe(data);
  });
});
