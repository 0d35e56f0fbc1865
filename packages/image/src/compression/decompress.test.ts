import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {decompress} from './decompress.ts';
import {unzstdByScript} from './unzstd.ts';

const text = Buffer.from('what a layer has in it, again and again; '.repeat(50_000));
const noise = randomBytes(300_000);

function zstd(bytes: Uint8Array, ...options: string[]): Buffer {
  return execFileSync('zstd', ['-q', '-c', ...options], {input: bytes, maxBuffer: 2 ** 28});
}

const skippable = Buffer.concat([
  Buffer.from([0x53, 0x2a, 0x4d, 0x18, 8, 0, 0, 0]),
  Buffer.alloc(8, 7),
]);

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length)
    yield Buffer.from(bytes.subarray(at, at + length));
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const zstdReaders = [
  ['by what is here', (source: AsyncIterable<Buffer>) => decompress(source, 'zstd')],
  ['by the script', unzstdByScript],
] as const;

describe.each([1_000_000_000, 65_536, 997])('in pieces of %i bytes', (length) => {
  it('gzip is inflated, in one member and in several', async () => {
    const members = Buffer.concat([gzipSync(text), gzipSync(Buffer.alloc(0)), gzipSync(noise)]);
    const one = await collect(decompress(pieces(gzipSync(text), length), 'gzip'));
    expect(one.equals(text)).toBe(true);
    const whole = await collect(decompress(pieces(members, length), 'gzip'));
    expect(whole.equals(Buffer.concat([text, noise]))).toBe(true);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a member', gzipSync(text).subarray(0, 200)],
    ['all but its last byte', gzipSync(text).subarray(0, -1)],
    [
      'a member and half of another',
      Buffer.concat([gzipSync(text), gzipSync(noise).subarray(0, 99)]),
    ],
    ['a member and words', Buffer.concat([gzipSync(text), Buffer.from('and words after it')])],
    ['a member and one byte', Buffer.concat([gzipSync(text), Buffer.of(0x1f)])],
    ['a member and zeros', Buffer.concat([gzipSync(text), Buffer.alloc(512)])],
    ['a wrong sum', withFlippedByte(gzipSync(text), -6)],
    ['a wrong byte', withFlippedByte(gzipSync(noise), 1000)],
  ])('gzip is refused that is %s', async (_, bytes) => {
    await expect(collect(decompress(pieces(bytes, length), 'gzip'))).rejects.toMatchObject({
      code: 'ECOMPRESSION',
    });
  });

  describe.each(zstdReaders)('zstd %s', (_, reader) => {
    it('is read, in one frame, in several, and with frames to skip', async () => {
      for (const parts of [
        [zstd(text)],
        [zstd(text), zstd(Buffer.alloc(0)), zstd(noise, '-19')],
        [skippable, zstd(text, '--no-check'), skippable, zstd(noise), skippable],
        [zstd(text, '--long=27')],
      ]) {
        const both = parts.length > 1 ? Buffer.concat([text, noise]) : text;
        const read = await collect(reader(pieces(Buffer.concat(parts), length)));
        expect(read.equals(both)).toBe(true);
      }
    });

    it.each([
      ['nothing', Buffer.alloc(0)],
      ['half a frame', zstd(noise).subarray(0, 2000)],
      ['all but its last byte', zstd(text).subarray(0, -1)],
      [
        'a frame and the beginning of another',
        Buffer.concat([zstd(text), zstd(text).subarray(0, 5)]),
      ],
      ['a frame and words', Buffer.concat([zstd(text), Buffer.from('and words after it')])],
      ['a frame and one byte', Buffer.concat([zstd(text), Buffer.of(0x28)])],
      ['a frame and half of one to skip', Buffer.concat([zstd(text), skippable.subarray(0, 12)])],
      ['more to look back in than is given', zstd(text, '--long=31')],
    ])('is refused that is %s', async (__, bytes) => {
      await expect(collect(reader(pieces(bytes, length)))).rejects.toMatchObject({
        code: 'ECOMPRESSION',
      });
    });
  });
});

it('what the source throws comes out, whatever was made before', async () => {
  for (const [compression, bytes] of [
    ['gzip', gzipSync(noise)],
    ['zstd', zstd(noise)],
  ] as const) {
    const broken = async function* () {
      yield* pieces(bytes.subarray(0, bytes.length / 2), 1000);
      throw new RangeError('the line was cut');
    };
    await expect(collect(decompress(broken(), compression))).rejects.toThrow('the line was cut');
  }
});

it('nobody waits for who stops taking', async () => {
  for (const [compression, bytes] of [
    ['gzip', gzipSync(noise)],
    ['zstd', zstd(noise)],
  ] as const) {
    for await (const chunk of decompress(pieces(bytes, 1000), compression)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  }
});

function withFlippedByte(bytes: Buffer, at: number): Buffer {
  const index = (at + bytes.length) % bytes.length;
  const flipped = Buffer.from(bytes);
  flipped[index] = (flipped[index] ?? 0) ^ 0xff;
  return flipped;
}
