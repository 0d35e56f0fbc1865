import {describe, expect, it} from 'vitest';
import {digestOf} from '../digest/digester.ts';
import type {Descriptor} from './descriptor.ts';
import {MEDIA_TYPE} from './media-types.ts';
import {formatPlatform, hostPlatform, parsePlatform} from './platform.ts';
import {selectPlatform} from './select.ts';

describe('a platform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm/v7', 'linux/arm/v7'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/arm/6', 'linux/arm/v6'],
    ['arm64', 'linux/arm64'],
    ['aarch64', 'linux/arm64'],
    ['x86_64', 'linux/amd64'],
    ['linux/armhf', 'linux/arm/v7'],
    ['LINUX/AMD64', 'linux/amd64'],
    ['windows/amd64', 'windows/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['linux', `linux/${hostPlatform().architecture}`],
  ])('%s is %s', (text, name) => {
    expect(formatPlatform(parsePlatform(text))).toBe(name);
  });

  it.each(['', '/', 'linux/', 'linux//v7', 'a/b/c/d', 'linux/am d64', '../x'])(
    'is not %j',
    (text) => {
      expect(() => parsePlatform(text)).toThrow(expect.objectContaining({code: 'EPLATFORM'}));
    },
  );
});

describe('of the images of an index', () => {
  it.each([
    ['linux/arm/v7', ['linux/arm/v5', 'linux/arm/v7', 'linux/arm/v6'], 'linux/arm/v7'],
    ['linux/arm/v7', ['linux/arm/v5', 'linux/arm/v6', 'linux/arm64'], 'linux/arm/v6'],
    ['linux/arm/v8', ['linux/arm/v7', 'linux/arm/v6'], 'linux/arm/v7'],
    ['linux/arm/v5', ['linux/arm/v6', 'linux/arm/v5'], 'linux/arm/v5'],
    ['linux/arm64', ['linux/arm/v7', 'linux/arm64/v8'], 'linux/arm64'],
    ['linux/amd64', ['linux/386', 'linux/amd64'], 'linux/amd64'],
    ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v4'], 'linux/amd64/v2'],
    ['linux/amd64', ['windows/amd64', 'linux/amd64'], 'linux/amd64'],
    ['linux/riscv64', ['linux/amd64', 'linux/riscv64'], 'linux/riscv64'],
  ])('%s takes, of %j, %s', (wanted, there, taken) => {
    const chosen = selectPlatform(
      {mediaType: '', manifests: there.map(entry)},
      parsePlatform(wanted),
    );
    expect(chosen.platform && formatPlatform(chosen.platform)).toBe(taken);
  });

  it.each([
    ['linux/arm/v5', ['linux/arm/v6', 'linux/arm/v7']],
    ['linux/arm64', ['linux/arm/v7', 'linux/amd64']],
    ['linux/amd64', ['linux/amd64/v3', 'linux/386']],
    ['linux/amd64', ['unknown/unknown']],
    ['linux/amd64', []],
  ])('%s takes none of %j, and says what there is', (wanted, there) => {
    const known = there.filter((name) => !name.startsWith('unknown'));
    const hint =
      known.length === 0 ? 'it has no images at all' : `it has ${[...known].sort().join(', ')}`;
    const manifests = there.map(entry);
    expect(() => selectPlatform({mediaType: '', manifests}, parsePlatform(wanted), 'x')).toThrow(
      expect.objectContaining({code: 'EPLATFORM', hint}),
    );
  });

  it('the first of equals is taken, and what is no image is not', () => {
    const manifests = [
      {...entry('linux/amd64', 0), mediaType: 'application/x'},
      entry('linux/amd64', 1),
      entry('linux/amd64', 2),
    ];
    expect(selectPlatform({mediaType: '', manifests}, parsePlatform('amd64'))).toBe(manifests[1]);
  });
});

function entry(name: string, number = 0): Descriptor {
  const [os = '', architecture = '', variant] = name.split('/');
  return {
    mediaType: MEDIA_TYPE.ociManifest,
    digest: digestOf(Buffer.from(`${name} ${number}`)),
    size: 1,
    platform: {os, architecture, ...(variant === undefined ? {} : {variant})},
  };
}
