import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {filterCache, readOnlyFilterCache} from './filter-cache.ts';

const key = '[1,"x86_64",{"defaultAction":"é"}]';
const program = Uint8Array.from([6, 0, 0, 0, 0, 0, 255, 127]);
let state = '';

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'minicontainer-state-'));
});
afterEach(() => rmSync(state, {recursive: true}));

function files(): string[] {
  return readdirSync(join(state, 'filters'));
}

/** The one file there is. */
function file(): string {
  const [name = ''] = files();
  return join(state, 'filters', name);
}

describe('the cache of filters', () => {
  test('gives back what was put into it, to the same key alone', () => {
    filterCache(state).put(key, program);
    const cache = filterCache(state);
    expect(cache.get(key)).toEqual(Buffer.from(program));
    expect(cache.get(`${key} `)).toBeUndefined();
    expect(cache.get(key.replace('86', '68'))).toBeUndefined();
  });

  test('is readable to its owner alone, and has nothing unfinished in it', () => {
    filterCache(state).put(key, program);
    expect(files()).toHaveLength(1);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(join(state, 'filters')).mode & 0o777).toBe(0o700);
  });

  test('does not trust a file that others could have written', () => {
    filterCache(state).put(key, program);
    chmodSync(file(), 0o620);
    expect(filterCache(state).get(key)).toBeUndefined();
  });

  test('follows no link', () => {
    filterCache(state).put(key, program);
    const path = file();
    const elsewhere = join(state, 'elsewhere');
    writeFileSync(elsewhere, readFileSync(path), {mode: 0o600});
    rmSync(path);
    symlinkSync(elsewhere, path);
    expect(filterCache(state).get(key)).toBeUndefined();
  });

  test('does not take a file for that of a key with the same name', () => {
    filterCache(state).put(key, program);
    const other = key.replace('x86_64', 'aarch6');
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('x86_64', 'aarch6'), {mode: 0o600});
    expect(filterCache(state).get(key)).toBeUndefined();
    expect(filterCache(state).get(other)).toBeUndefined();
  });

  test('notices every byte that is damaged, and every length that is cut to', () => {
    filterCache(state).put(key, program);
    const path = file();
    const whole = readFileSync(path);
    for (const [at, byte] of whole.entries()) {
      const damaged = Buffer.from(whole);
      damaged[at] = byte ^ 1;
      writeFileSync(path, damaged);
      expect(filterCache(state).get(key), `byte ${at}`).toBeUndefined();
      writeFileSync(path, whole.subarray(0, at));
      expect(filterCache(state).get(key), `${at} bytes`).toBeUndefined();
    }
    writeFileSync(path, whole);
    expect(filterCache(state).get(key)).toBeDefined();
  });

  test('keeps no more than 32, and nothing that is a month old', () => {
    const cache = filterCache(state);
    const aged = new Set<string>();
    for (let number = 0; number < 40; number += 1) {
      cache.put(`[${number}]`, program);
      const [newest = ''] = files().filter((name) => !aged.has(name));
      aged.add(newest);
      const time = Date.now() / 1000 - 3600 + number;
      utimesSync(join(state, 'filters', newest), time, time);
    }
    expect(files()).toHaveLength(32);
    expect([cache.get('[0]'), cache.get('[39]')]).toEqual([undefined, Buffer.from(program)]);
    const longAgo = Date.now() / 1000 - 31 * 24 * 3600;
    for (const name of files()) utimesSync(join(state, 'filters', name), longAgo, longAgo);
    cache.put(key, program);
    expect(files()).toHaveLength(1);
  });

  test('is no error where it cannot be written', () => {
    writeFileSync(join(state, 'filters'), '');
    const cache = filterCache(state);
    cache.put(key, program);
    expect(cache.get(key)).toBeUndefined();
  });

  test('changes nothing for a plan that is only shown', () => {
    const cache = readOnlyFilterCache(state);
    cache.put(key, program);
    expect(existsSync(join(state, 'filters'))).toBe(false);
    filterCache(state).put(key, program);
    expect(cache.get(key)).toBeDefined();
  });
});
