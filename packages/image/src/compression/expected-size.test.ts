import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, describe, expect, it} from 'vitest';
import {expectedSize} from './expected-size.ts';

const folder = mkdtempSync(join(tmpdir(), 'minicontainer-expected-'));
afterAll(() => rmSync(folder, {recursive: true}));

function sizeOf(bytes: Uint8Array): number {
  const path = join(folder, 'layer');
  writeFileSync(path, bytes);
  return expectedSize(path);
}

describe('the expected size of a layer', () => {
  it.each([0, 1, 200, 300, 70_000, 1_000_000])(
    'is what its compression says: %i bytes',
    (length) => {
      const content = Buffer.alloc(length, 'abc');
      expect(sizeOf(gzipSync(content))).toBe(length);
      const path = join(folder, 'plain');
      writeFileSync(path, content);
      const {status, stdout} = spawnSync('zstd', ['-q', '-c', path], {maxBuffer: 2 ** 24});
      if (status === 0) expect(sizeOf(stdout)).toBe(length);
    },
  );

  it('is its own for what is not compressed', () => {
    expect(sizeOf(Buffer.alloc(1234))).toBe(1234);
  });

  it('is beyond 4 GiB where it would be smaller than compressed', () => {
    const noise = gzipSync(
      Buffer.from(Array.from({length: 5000}, (_, byte) => (byte * byte * 7) % 251)),
    );
    noise.writeUInt32LE(10, noise.length - 4);
    expect(sizeOf(noise)).toBe(2 ** 32 + 10);
  });

  it('is not known of what is cut short, or not there', () => {
    expect(sizeOf(gzipSync('abc').subarray(0, 12))).toBe(0);
    expect(sizeOf(Buffer.from('28b52ffd', 'hex'))).toBe(0);
    expect(expectedSize(join(folder, 'none'))).toBe(0);
  });
});
