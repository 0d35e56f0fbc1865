import {
  chmodSync,
  existsSync,
  mkdirSync,
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
import {Script} from 'node:vm';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {compileScript} from './code-cache.ts';

let folder: string;
let cache: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'code-cache-'));
  cache = join(folder, 'deep', 'cache');
  path = join(folder, 'script.js');
  writeFileSync(path, '(function answer() { return 42; })');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, {recursive: true});
});

function run(directory: string | undefined = cache, digest = 'digest') {
  const {value, save} = compileScript<() => number>(path, digest, directory);
  expect(value()).toBe(42);
  save();
}

/** What the file of a digest is called, tried with another script. */
function nameOf(digest: string): string {
  const [probe, probed] = [join(folder, 'probe.js'), join(folder, 'probed')];
  writeFileSync(probe, '0');
  compileScript(probe, 'probe', probed).save();
  return digest + (readdirSync(probed)[0] ?? '').slice('probe'.length);
}

/** The code of another script as this one's. In this process V8 must not have seen this one before. */
function plant(): string {
  const other = new Script('(function answer() { return 41; })').createCachedData();
  const name = nameOf('digest');
  mkdirSync(cache, {recursive: true, mode: 0o700});
  writeFileSync(join(cache, name), other, {mode: 0o600});
  return join(cache, name);
}

describe('compiled code', () => {
  test('is kept for this user alone, by script and version of Node', () => {
    run();
    const [name = ''] = readdirSync(cache);
    expect(name).toMatch(`digest-${process.version}-${process.arch}`);
    expect(statSync(join(cache, name)).mode & 0o777).toBe(0o600);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
  });

  test('is taken from an earlier run, and then written no more', () => {
    run();
    const [name = ''] = readdirSync(cache);
    utimesSync(join(cache, name), 1, 1);
    run();
    expect(statSync(join(cache, name)).mtimeMs).toBe(1000);
  });

  test('is executed instead of the script: whoever can write it decides', () => {
    plant();
    expect(compileScript<() => number>(path, 'digest', cache).value()).toBe(41);
  });

  test.each([
    ['others can write its directory', (file: string) => chmodSync(join(file, '..'), 0o777)],
    ['its group can write its directory', (file: string) => chmodSync(join(file, '..'), 0o770)],
    ['others can write it', (file: string) => chmodSync(file, 0o602)],
    [
      'others can read it, as they would if it were none of ours',
      (file: string) => chmodSync(file, 0o604),
    ],
    [
      'it is another user’s',
      () => void vi.spyOn(process, 'geteuid').mockReturnValue((process.geteuid?.() ?? 0) + 1),
    ],
    [
      'it is a link',
      (file: string) => {
        writeFileSync(`${folder}/elsewhere`, readFileSync(file), {mode: 0o600});
        rmSync(file);
        symlinkSync(`${folder}/elsewhere`, file);
      },
    ],
  ])('is not executed where %s', (_, change) => {
    change(plant());
    expect(compileScript<() => number>(path, 'digest', cache).value()).toBe(42);
  });

  test('that V8 refuses is written anew', () => {
    const file = plant();
    writeFileSync(file, 'no code');
    run();
    expect(readFileSync(file, 'latin1')).not.toBe('no code');
  });

  test('of another script is not taken', () => {
    plant();
    run(cache, 'other');
    expect(readdirSync(cache)).toHaveLength(2);
  });

  test('is kept of a few scripts only', () => {
    for (let i = 0; i < 12; i++) run(cache, `digest${i}`);
    expect(readdirSync(cache)).toHaveLength(8);
    expect(existsSync(join(cache, nameOf('digest11')))).toBe(true);
  });

  test('takes the place of its own like alone: other files stay, here and where the caller stands', () => {
    mkdirSync(cache, {recursive: true, mode: 0o700});
    const others = Array.from({length: 12}, (_, i) => `file-${i}`);
    for (const name of others) writeFileSync(join(cache, name), '');
    for (const directory of [cache, '', '.', 'relative']) run(directory);
    expect(readdirSync(cache)).toEqual(expect.arrayContaining(others));
    expect(readdirSync('.')).toEqual(expect.arrayContaining(['package.json', 'tsconfig.json']));
  });

  test('is done without where it cannot be kept', () => {
    run('');
    run(join(path, 'below-a-file'));
    mkdirSync(cache, {recursive: true});
    chmodSync(cache, 0o777);
    run();
    expect(readdirSync(cache)).toEqual([]);
  });
});
