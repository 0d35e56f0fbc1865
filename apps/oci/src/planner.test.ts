import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';

const maxBytes = 260_000;

/** As esbuild tells of it. */
interface Output {
  readonly inputs: Readonly<Record<string, {readonly bytesInOutput: number}>>;
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-'));
  execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/build.mjs'), folder]);
});

afterAll(() => {
  rmSync(folder, {recursive: true});
});

/** What engines wait for at each create and exec. */
describe('the bundle of create, run and exec', () => {
  test('has no more than they need', () => {
    const {outputs}: {outputs: Record<string, Output>} = JSON.parse(
      readFileSync(join(folder, 'meta.json'), 'utf8'),
    );
    const used = Object.values(outputs)
      .flatMap(({inputs}) => Object.entries(inputs))
      .filter(([, {bytesInOutput}]) => bytesInOutput > 0)
      .map(([file]) => file);
    expect(used).toContainEqual(expect.stringContaining('runtime/create.ts'));
    const others = /node_modules|koffi|criu|checkpoint\/|\/help\/|\/explain|\/doctor\/|hints/;
    expect(used.filter((file) => others.test(file))).toEqual([]);
  });

  test(`is at most ${maxBytes} bytes`, () => {
    expect(statSync(join(folder, 'planner.script.js')).size).toBeLessThanOrEqual(maxBytes);
  });

  test('is of ASCII: it is read one byte a character', () => {
    expect(readFileSync(join(folder, 'planner.script.js')).every((byte) => byte < 0x80)).toBe(true);
  });
});
