import {chmodSync, mkdirSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {openState} from './own-state.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'minicontainer-own-state-'));
});

afterEach(() => rmSync(directory, {recursive: true}));

describe('a state directory', () => {
  test('is made for its owner alone, with what is above it', () => {
    const state = join(directory, 'share/minicontainer');
    openState(state);
    for (const path of [state, join(state, 'containers')]) {
      expect(statSync(path).mode & 0o777).toBe(0o700);
    }
    openState(state);
  });

  test.each(['', 'containers'])('that others may write in %j is refused', (name) => {
    mkdirSync(join(directory, 'containers'));
    chmodSync(join(directory, name), 0o777);
    expect(() => openState(directory)).toThrow(
      expect.objectContaining({code: 'ESTATE', hint: `chmod go-w ${join(directory, name)}`}),
    );
  });
});
