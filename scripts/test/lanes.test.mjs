import {expect, test} from 'vitest';
import {inLanes} from './lanes.mjs';

const quick = {name: 'quick'};
const slow = {name: 'slow'};
const guest = {name: 'guest', beside: true};

/** Runs suites that take as many turns as said; gives what was told. */
async function told(suites, turns, interrupted = '') {
  const lines = [];
  await inLanes(suites, {
    run: async ({name}, write) => {
      for (let turn = 0; turn < turns[name]; turn++) {
        await new Promise(setImmediate);
        write(`${name} ${turn}`);
      }
      return name;
    },
    begin: ({name}) => lines.push(`begin ${name}`),
    end: (_, name) => {
      lines.push(`end ${name}`);
      return name === interrupted;
    },
    write: (text) => lines.push(text),
  });
  return lines;
}

test('one suite at a time is told, though two run', async () => {
  expect(await told([quick, slow, guest], {quick: 2, slow: 3, guest: 3})).toEqual([
    ...['begin quick', 'quick 0', 'quick 1', 'end quick'],
    ...['begin slow', 'slow 0', 'slow 1', 'slow 2', 'end slow'],
    ...['begin guest', 'guest 0', 'guest 1', 'guest 2', 'end guest'],
  ]);
});

test('what has ended beside a suite is told right after it', async () => {
  const lines = await told([quick, slow, guest], {quick: 3, slow: 1, guest: 1});
  expect(lines.filter((line) => line.startsWith('end'))).toEqual([
    ...['end quick', 'end guest', 'end slow'],
  ]);
});

test('what runs beside is told last when it takes longest', async () => {
  const lines = await told([guest, quick], {quick: 1, guest: 9});
  expect(lines.at(-1)).toBe('end guest');
  expect(lines).toHaveLength(2 + 1 + 2 + 9);
});

test('the lane that has ended first takes of the other', async () => {
  const late = {name: 'late', beside: true};
  const lines = await told([quick, guest, late], {quick: 1, guest: 9, late: 2});
  expect(lines.filter((line) => line.startsWith('end'))).toEqual([
    ...['end quick', 'end late', 'end guest'],
  ]);
});

test('after an interruption no suite begins', async () => {
  const lines = await told([quick, slow], {quick: 1, slow: 1}, 'quick');
  expect(lines).toEqual(['begin quick', 'quick 0', 'end quick']);
});
