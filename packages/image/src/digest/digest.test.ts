import {describe, expect, it} from 'vitest';
import {chainId, chainIds} from './chain-id.ts';
import {hexOf, isDigest, parseDigest, shortDigest} from './digest.ts';
import {digester, digestOf} from './digester.ts';

const empty = parseDigest(
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
);

describe('a digest', () => {
  it('is of sha256 or sha512, in lower case', () => {
    expect(digestOf(Buffer.alloc(0))).toBe(empty);
    const long = digestOf(Buffer.from('x'), 'sha512');
    expect(parseDigest(long)).toBe(long);
    expect(hexOf(long)).toHaveLength(128);
    expect(shortDigest(empty)).toBe('e3b0c44298fc');
  });

  it.each([
    ['', 'has no algorithm'],
    [hexOf(empty), 'has no algorithm'],
    ['sha256:', 'has 0 digits and not 64'],
    [`sha256:${'a'.repeat(63)}`, 'has 63 digits and not 64'],
    [`sha512:${'a'.repeat(64)}`, 'has 64 digits and not 128'],
    [`SHA256:${'a'.repeat(64)}`, 'is of an algorithm that is not known'],
    [`sha384:${'a'.repeat(96)}`, 'is of an algorithm that is not known'],
    [`constructor:${'a'.repeat(64)}`, 'is of an algorithm that is not known'],
    [`sha256:${'a'.repeat(63)}G`, 'is not of lower case hexadecimal digits'],
    [`sha256:../../${'a'.repeat(58)}`, 'is not of lower case hexadecimal digits'],
    [`sha256:${'a'.repeat(63)}\n`, 'is not of lower case hexadecimal digits'],
  ])('is not %j', (text, fault) => {
    expect(isDigest(text)).toBe(false);
    expect(() => parseDigest(text, 'layers[2].digest')).toThrow(
      expect.objectContaining({code: 'EDIGEST', message: expect.stringContaining(fault)}),
    );
    expect(() => parseDigest(text, 'layers[2].digest')).toThrow(/^layers\[2\]\.digest "/);
  });

  it('is of the bytes in whatever pieces they come', () => {
    const taker = digester();
    for (const byte of Buffer.from('hello')) taker.update(Buffer.of(byte));
    expect(taker.length).toBe(5);
    expect(taker.digest()).toBe(digestOf(Buffer.from('hello')));
  });
});

describe('chain ids', () => {
  const [one, two, three] = ['1', '2', '3'].map((text) => digestOf(Buffer.from(text)));

  it('are of a layer on all below it', () => {
    if (one === undefined || two === undefined || three === undefined) throw new Error();
    const second = digestOf(Buffer.from(`${one} ${two}`));
    const third = digestOf(Buffer.from(`${second} ${three}`));
    expect(chainIds([one, two, three])).toEqual([one, second, third]);
    expect(chainId([one, two])).toBe(second);
  });

  it('are none of no layers', () => {
    expect(chainIds([])).toEqual([]);
    expect(() => chainId([])).toThrow(expect.objectContaining({code: 'EDIGEST'}));
  });
});
