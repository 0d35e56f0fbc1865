import {afterEach, beforeEach, expect} from 'vitest';
import {leftoversSince, type Snapshot, takeSnapshot} from './leftovers/index.ts';
import {closeHouse, openHouse} from './room.ts';
import {endStarted} from './run.ts';

// For every test of the project: a house of its own before it, and nothing left on the host after it.

let before: Snapshot;

beforeEach(() => {
  openHouse();
  before = takeSnapshot();
});

afterEach(async () => {
  endStarted();
  const left = await leftoversSince(before);
  try {
    expect(left, 'left on the host').toEqual([]);
  } finally {
    closeHouse();
  }
});
