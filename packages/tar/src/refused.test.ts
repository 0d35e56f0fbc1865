import {describe, expect, it} from 'vitest';
import {type TarHeader, type TarLimits, TarParser, tarEnd, tarHeader, tarPadding} from './index.ts';

const end = tarEnd();
const plain = tarHeader({type: 'file', path: 'next'});

describe('an archive that is refused, with its entry, its offset and the reason', () => {
  it.each<[string, Buffer[], string]>([
    ['nothing at all', [], 'the tar archive is empty'],
    ['no end mark', [plain], 'the tar archive ends at byte 512 without its end mark'],
    ['half a header', [plain.subarray(0, 100)], 'tar entry at byte 0 is cut off'],
    ['something behind its end mark', [end, plain], 'the tar archive has something behind its end'],
    ['something behind one zero block', [end.subarray(512), plain], 'has something behind its end'],
    [
      'text',
      [Buffer.from('no tar '.repeat(200))],
      'tar entry at byte 0 has a checksum that is not',
    ],
    [
      'a changed byte',
      [set(plain, 5, 'X')],
      'tar entry at byte 0 has a header with a wrong checksum',
    ],
    ['no name', [named('')], 'tar entry at byte 0 has no name'],
    [
      'no link target',
      [tarHeader({type: 'symlink', path: 'l'})],
      'tar entry l at byte 0 has no link',
    ],
    [
      'an octal that is none',
      [field(plain, 100, '00009')],
      'next at byte 0 has a mode that is not',
    ],
    ['a negative size', [field(plain, 124, base256(-1, 12))], 'has a negative size'],
    [
      'a size beyond 2^53',
      [field(plain, 124, base256(2 ** 60, 12))],
      'has a size that is too large',
    ],
    ['a negative uid', [field(plain, 108, base256(-2, 8))], 'has a negative uid'],
    [
      'a uid that is -1',
      [field(plain, 108, base256(2 ** 32 - 1, 8))],
      'uid that is too large: 4294967295',
    ],
    ['a device beyond Linux', [device(4096)], 'has a major number that is too large: 4096'],
    ['a volume label', [field(plain, 156, 'V')], 'is of a type that is not supported: V'],
    [
      'a type beyond ASCII',
      [field(plain, 156, '\x01')],
      'is of a type that is not supported: 0x01',
    ],
    ['a header for nothing', [pax('path=x'), end], 'tar entry x at byte 0 is missing behind what'],
    ['a header for the end of the file', [pax('path=x')], 'tar entry x at byte 0 is cut off'],
    ['a PAX header beyond the limit', [extended('x', 2 << 20)], 'has a header of 2097152 bytes'],
    ['a PAX header beyond all memory', [extended('x', 8 ** 11 - 1)], 'has a header of 8589934591'],
    [
      'a long name beyond a path',
      [gnuName('n'.repeat(5000)), plain],
      'has a name of more than 4095',
    ],
    [
      'a control character in its name',
      [named('a\x1b[31m'), Buffer.alloc(512, 1)],
      'is not an octal',
    ],
  ])('%s', (_, blocks, message) => {
    expect(() => read(blocks)).toThrow(expect.objectContaining({code: 'ETAR'}));
    expect(() => read(blocks)).toThrow(message);
  });

  it('shows no control character of a name', () => {
    const blocks = [set(named('a\x1b[31m\u00e9'), 5, 'X')];
    blocks[0] = field(named('a\x1b[31m'), 100, '9');
    expect(() => read(blocks)).toThrow('tar entry a\\x1b[31m at byte 0');
  });
});

describe('a PAX header that is refused', () => {
  it.each<[string, string | Buffer, string]>([
    ['no length', ' path=x\n', 'malformed record'],
    ['a length of zero', '0 path=x\n', 'malformed record'],
    ['a length beyond the header', '90 path=x\n', 'malformed record'],
    ['a length in hexadecimal', '0xa path=x\n', 'malformed record'],
    ['a negative length', '-10 path=x\n', 'malformed record'],
    ['a length of twenty digits', '00000000000000000010 path=x\n', 'malformed record'],
    ['a length that is too short', '8 path=x\n', 'malformed record'],
    ['zeros behind its records', '10 path=x\n\0\0', 'malformed record'],
    ['no equals sign', '9 path x\n', 'has no key'],
    ['an equals sign in the next record', '7 pat\n10 path=x\n', 'malformed record'],
    ['no key', '6 =xy\n', 'has no key'],
    ['a NUL in a key', record('pa\0th=x'), 'a NUL in a key'],
    ['a NUL in a path', record('path=a\0b'), 'has a NUL in its path'],
    ['a NUL in a link path', record('linkpath=a\0b'), 'has a NUL in its linkpath'],
    ['a size that is none', record('size=1e3'), 'has a size that is not a number'],
    ['a negative size', record('size=-1'), 'has a size that is not a number'],
    ['a size beyond 2^53', record('size=99999999999999999'), 'has a size that is too large'],
    ['a uid that is -1', record('uid=4294967295'), 'has a uid that is too large'],
    ['a time that is none', record('mtime=1.2.3'), 'has a time that is not a number'],
    ['a time beyond 2^53', record('mtime=9999999999999999'), 'has a time that is too large'],
    ['an attribute without a name', record('SCHILY.xattr.=x'), 'without a proper name'],
    ['a NUL in the name of an attribute', record('LIBARCHIVE.xattr.a%00=eA=='), 'proper name'],
    ['an attribute that is not base64', record('LIBARCHIVE.xattr.user.a=!'), 'not base64'],
  ])('%s', (_, records, message) => {
    const data = Buffer.isBuffer(records) ? records : Buffer.from(records, 'latin1');
    expect(() => read([paxOf('x', data), plain, end])).toThrow(message);
  });

  it.each(['path=x', 'linkpath=x', 'size=5', 'GNU.sparse.major=1', 'SCHILY.xattr.user.a=b'])(
    'a global one with %s',
    (text) => {
      expect(() => read([paxOf('g', record(text)), plain, end])).toThrow(
        'global PAX header with a',
      );
    },
  );
});

describe('a sparse map that is refused', () => {
  it.each<[string, string[], string]>([
    ['out of order', ['map=10,2,4,2', 'size=20'], 'not in ascending order'],
    ['with pieces that overlap', ['map=0,3,2,1', 'size=20'], 'not in ascending order'],
    ['beyond its file', ['map=0,2,19,2', 'size=20'], 'beyond the end of its file'],
    ['longer than its data', ['map=0,9', 'size=20'], 'does not match its data'],
    ['shorter than its data', ['map=0,1', 'size=20'], 'does not match its data'],
    ['of half a piece', ['map=0,2,4', 'size=20'], 'wrong number of pieces'],
    ['with another count', ['map=0,4', 'numblocks=2', 'size=20'], 'wrong number of pieces'],
    ['with an offset twice', ['offset=0', 'offset=1', 'size=20'], 'a piece that is incomplete'],
    ['that overflows', ['map=9007199254740991,9007199254740991', 'size=20'], 'beyond the end'],
    ['of no number', ['map=0,x', 'size=20'], 'number in its sparse map that is not a number'],
    ['without a size', ['map=0,4'], 'has a sparse map, but no size'],
    ['of another version', ['major=2', 'minor=0', 'size=20'], 'a sparse map of version 2.0'],
  ])('%s', (_, texts, message) => {
    const records = texts.map((text) => record(`GNU.sparse.${text}`));
    const file = tarHeader({type: 'file', path: 'f', size: 4});
    const data = [Buffer.from('data'), tarPadding(4)];
    expect(() => read([paxOf('x', ...records), file, ...data, end])).toThrow(message);
  });

  it.each<[string, string, string]>([
    ['with more pieces than may be', '999999\n', 'with more than 131072 pieces'],
    ['of letters', '1\nx\n0\n', 'something else than numbers'],
    ['with an empty line', '1\n\n0\n', 'an empty line'],
    ['longer than its data', `200\n${'0\n'.repeat(254)}`, 'longer than its data'],
  ])('in the data, %s', (_, map, message) => {
    const versions = ['major=1', 'minor=0', 'realsize=20'].map((text) =>
      record(`GNU.sparse.${text}`),
    );
    const file = tarHeader({type: 'file', path: 'f', size: 512});
    const block = Buffer.from(map.padEnd(512, '\0'));
    expect(() => read([paxOf('x', ...versions), file, block, end])).toThrow(message);
  });

  it('of a directory', () => {
    const records = ['map=0,0', 'size=20'].map((text) => record(`GNU.sparse.${text}`));
    const directory = tarHeader({type: 'directory', path: 'd'});
    expect(() => read([paxOf('x', ...records), directory])).toThrow('is sparse, but no file');
  });

  it('of the old format, when its extension blocks never end', () => {
    const header = field(tarHeader({type: 'file', path: 'f', size: 4}), 156, 'S');
    const piece = `${'0'.repeat(11)}\0`;
    const first = field(field(header, 482, '\x01'), 483, '00000000024');
    const next = Buffer.from(`${piece.repeat(42)}\x01`.padEnd(512, '\0'), 'latin1');
    expect(() => read([first], {}, next)).toThrow('with more than 131072 pieces');
  });
});

describe('what other readers accept as well', () => {
  it('is one zero block at the end, and any number of zeros behind it', () => {
    expect(read([plain, end.subarray(512)])).toHaveLength(1);
    expect(read([plain, end, Buffer.alloc(9999)])).toHaveLength(1);
  });

  it('is an archive without an end mark, when a digest proves that it is whole', () => {
    expect(read([plain], {endMayBeMissing: true})).toHaveLength(1);
    expect(read([], {endMayBeMissing: true})).toEqual([]);
    expect(() => read([plain, plain.subarray(9)], {endMayBeMissing: true})).toThrow('cut off');
  });

  it('is a last block that is not filled up, when a digest proves that the archive is whole', () => {
    const file = tarHeader({type: 'file', path: 'f', size: 3});
    const bytes = Buffer.from('abc');
    expect(read([file, bytes], {endMayBeMissing: true})).toMatchObject([{path: 'f'}]);
    expect(() => read([file, bytes])).toThrow('cut off');
    expect(() => read([file, bytes.subarray(1)], {endMayBeMissing: true})).toThrow('cut off');
  });

  it('is not more zeros behind the end than anybody writes', () => {
    const zeros = Buffer.alloc(1 << 20);
    expect(read([plain, end, ...Array(60).fill(zeros)])).toHaveLength(1);
    expect(() => read([plain, end, ...Array(65).fill(zeros)])).toThrow('behind its end mark');
  });

  it('is a sum of signed bytes', () => {
    const header = named('\xe9\xe8');
    const unsigned = Number.parseInt(header.toString('latin1', 148, 154), 8);
    const sum = (unsigned - 512).toString(8).padStart(6, '0');
    expect(read([set(header, 148, sum), end])).toMatchObject([{path: '\xe9\xe8'}]);
  });

  it('is a size on a directory, behind which nothing follows', () => {
    const directory = field(tarHeader({type: 'directory', path: 'd/'}), 124, '00000001000');
    expect(read([directory, plain, end])).toMatchObject([{path: 'd/', size: 0}, {path: 'next'}]);
  });

  it('is a directory of v7, which has no type but a slash', () => {
    expect(read([field(named('old/'), 156, '\0'), end])).toMatchObject([{type: 'directory'}]);
  });

  it('is a record twice, of which the last counts, and an empty one that takes it back', () => {
    expect(read([pax('path=a', 'path=b'), plain, end])).toMatchObject([{path: 'b'}]);
    expect(read([pax('path=a', 'path='), plain, end])).toMatchObject([{path: 'next'}]);
  });

  it('is a global header, until an entry says otherwise', () => {
    const found = read([paxOf('g', record('mtime=5.25')), plain, pax('mtime=6'), plain, end]);
    expect(found).toMatchObject([
      {mtimeSeconds: 5, mtimeNanoseconds: 250_000_000},
      {mtimeSeconds: 6, mtimeNanoseconds: 0},
    ]);
  });

  it.each<[string, number, number]>([
    ['-1.5', -2, 500_000_000],
    ['-0.0000000001', -1, 999_999_999],
    ['1.9999999999', 1, 999_999_999],
    ['-3', -3, 0],
    ['-0', 0, 0],
    ['12.', 12, 0],
  ])('is a time of %s', (text, mtimeSeconds, mtimeNanoseconds) => {
    expect(read([pax(`mtime=${text}`), plain, end])).toMatchObject([
      {mtimeSeconds, mtimeNanoseconds},
    ]);
  });
});

describe('an archive that is cut off', () => {
  it('is refused at every byte of it before the end mark', () => {
    const file = [pax('path=some/file'), tarHeader({type: 'file', path: 'x', size: 700})];
    const whole = Buffer.concat([...file, Buffer.alloc(700, 1), tarPadding(700), end]);
    for (let length = 0; length <= whole.length - end.length; length += 7) {
      expect(() => read([whole.subarray(0, length)]), `${length}`).toThrow(/ends at|cut off|empty/);
    }
    expect(() => read([whole.subarray(0, 1700)])).toThrow(
      'tar entry some/file at byte 0 is cut off',
    );
  });
});

/** @param endless written over and over, until the parser throws */
function read(blocks: readonly Buffer[], limits: Partial<TarLimits> = {}, endless?: Buffer) {
  const headers: TarHeader[] = [];
  const handler = {header: (header: TarHeader) => headers.push(header), data() {}, endOfEntry() {}};
  const parser = new TarParser(handler, limits);
  parser.write(Buffer.concat(blocks));
  for (let count = 0; endless !== undefined && count < 10_000; count++) parser.write(endless);
  parser.end();
  return headers;
}

function named(path: string): Buffer {
  return tarHeader({type: 'file', path});
}

function device(deviceMajor: number): Buffer {
  return tarHeader({type: 'character', path: 'd', deviceMajor});
}

/** A field of a header, overwritten, with the sum put right. */
function field(header: Buffer, start: number, value: string): Buffer {
  const changed = set(set(header, start, value), 148, ' '.repeat(8));
  const sum = changed.reduce((total, byte) => total + byte, 0);
  return set(changed, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
}

function set(header: Buffer, start: number, value: string): Buffer {
  const changed = Buffer.from(header);
  changed.write(value, start, 'latin1');
  return changed;
}

function base256(value: number, length: number): string {
  const bytes = Buffer.alloc(length, value < 0 ? 0xff : 0);
  bytes.writeBigInt64BE(BigInt(value), length - 8);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes.toString('latin1');
}

function extended(flag: 'x' | 'g' | 'L', size: number): Buffer {
  return field(tarHeader({type: 'file', path: '@', size}), 156, flag);
}

function gnuName(name: string): Buffer {
  return Buffer.concat([extended('L', name.length), Buffer.from(name), tarPadding(name.length)]);
}

function pax(...texts: string[]): Buffer {
  return paxOf('x', ...texts.map(record));
}

function paxOf(flag: 'x' | 'g', ...records: Buffer[]): Buffer {
  const data = Buffer.concat(records);
  return Buffer.concat([extended(flag, data.length), data, tarPadding(data.length)]);
}

/** One record with its right length. */
function record(text: string): Buffer {
  const rest = text.length + 2;
  const length = rest + `${rest + `${rest}`.length}`.length;
  return Buffer.from(`${length} ${text}\n`, 'latin1');
}
