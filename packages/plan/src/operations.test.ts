import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import type {OperationEntry} from './operation-entry.ts';
import {operations} from './operations.ts';
import {stages} from './stages.ts';

const entries = Object.entries<OperationEntry>(operations);

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

describe('the table of operations', () => {
  test('is what the C header was made from', () => {
    const {status, stdout} = spawnSync(
      process.execPath,
      [path('../scripts/generate-operations.mjs'), '--print'],
      {encoding: 'utf8'},
    );
    expect(status).toBe(0);
    expect(readFileSync(path('../../../native/nsexec/src/operations.h'), 'utf8')).toBe(stdout);
  });

  test('gives every operation a number of its own', () => {
    expect(new Set(entries.map(([, {code}]) => code)).size).toBe(entries.length);
  });

  test.each(entries)(
    'says what %s does, where, by which calls, and where to read on',
    (_, entry) => {
      expect(entry.does).toMatch(/^[a-z].*[^.]$/);
      expect(entry.man).toMatch(/^\w+\([1-8](const)?\)$/);
      expect(entry.stages.length).toBeGreaterThan(0);
      expect(entry.stages.every((stage) => stage in stages)).toBe(true);
    },
  );

  test('numbers the stages in their order', () => {
    expect(Object.values(stages).map(({number}) => number)).toEqual(
      Object.keys(stages).map((_, index) => index),
    );
  });
});
