import {mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {SnapshotIndex} from './snapshot-index.ts';

const omissions = {devices: 0, squashedOwners: 0};
const otherBoot = '11111111-2222-3333-4444-555555555555';

let store = '';
let index: SnapshotIndex;

beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'minicontainer-index-'));
  index = new SnapshotIndex(store);
});

afterEach(() => rmSync(store, {recursive: true, force: true}));

function pathOf(name: string, file: string): string {
  return join(index.directory, name, file);
}

function make(name: string, boot: string | null, describesRoot = false): void {
  mkdirSync(join(index.directory, name, 'fs'), {recursive: true});
  writeFileSync(pathOf(name, 'meta.json'), JSON.stringify({boot, omissions, describesRoot}));
}

function bootOf(name: string, file = 'meta.json'): unknown {
  return JSON.parse(readFileSync(pathOf(name, file), 'utf8')).boot;
}

describe('a snapshot', () => {
  it.each([
    ['of this boot is there', () => index.boot, true],
    ['that is known to be on the disk is there', () => null, true],
    ['that an earlier boot left is not', () => otherBoot, false],
  ])('%s', (_, boot, there) => {
    make('a', boot());
    expect(index.has('a')).toBe(there);
  });

  it.each(['', '{', '{"boot":', 'null', '[]', '{}', '\0\0\0\0'])(
    'is not there when what is known of it is %j, as a power cut leaves it',
    (text) => {
      make('a', index.boot);
      writeFileSync(pathOf('a', 'meta.json'), text);
      expect(index.has('a')).toBe(false);
    },
  );

  it('that nobody has made is not there', () => {
    expect(index.find('a')).toBeUndefined();
  });
});

describe('the layers of an image', () => {
  it('are found by the topmost, once they are marked', () => {
    make('a', index.boot, true);
    make('b', index.boot, true);
    make('c', index.boot);
    expect(index.findChain(['a', 'b', 'c'])).toBeUndefined();
    index.markChain(['a', 'b', 'c']);
    expect(index.findChain(['a', 'b', 'c'])).toMatchObject({root: 'b'});
  });

  it('have a root of no layer’s where none describes it', () => {
    make('a', index.boot);
    index.markChain(['a']);
    expect(index.findChain(['a'])).toEqual({boot: index.boot});
  });

  it('are gone when the machine has started since', () => {
    make('a', index.boot);
    index.markChain(['a']);
    writeFileSync(pathOf('a', 'chain.json'), JSON.stringify({boot: otherBoot}));
    expect(index.findChain(['a'])).toBeUndefined();
    index.markChain(['a']);
    expect(index.findChain(['a'])).toBeDefined();
  });

  it('are not settled within a minute', () => {
    make('a', index.boot);
    index.markChain(['a']);
    index.findChain(['a']);
    expect(bootOf('a', 'chain.json')).toBe(index.boot);
    expect(bootOf('a')).toBe(index.boot);
  });

  it('are settled after it, and there whatever boot it is', () => {
    make('a', index.boot, true);
    make('b', index.boot);
    index.markChain(['a', 'b']);
    const before = Date.now() / 1000 - 61;
    utimesSync(pathOf('b', 'chain.json'), before, before);
    expect(index.findChain(['a', 'b'])).toMatchObject({root: 'a'});
    expect(bootOf('b', 'chain.json')).toBeNull();
    expect([bootOf('a'), bootOf('b')]).toEqual([null, null]);
    expect(index.find('a')).toEqual({boot: null, omissions, describesRoot: true});
    expect(index.findChain(['a', 'b'])).toMatchObject({boot: null, root: 'a'});
  });

  it('that are on the disk, all of them, are marked so from the start', () => {
    make('a', null);
    make('b', null);
    index.markChain(['a', 'b']);
    expect(bootOf('b', 'chain.json')).toBeNull();
  });

  it('are none where there are no layers', () => {
    expect(index.findChain([])).toBeUndefined();
    expect(() => index.markChain([])).not.toThrow();
  });
});
